import type { ChannelSort, ChannelSortField } from '@parley/contracts';
import type { ChannelSummary } from './channel-list.ts';

/** The API's own default. */
export const defaultSort: readonly ChannelSort[] = [{ field: 'LAST_MESSAGE_AT', direction: 'DESC' }];

/** A missing time counts as the earliest, as in the API. */
const time = (text: string | null): number => (text === null ? -1 : Date.parse(text));

const keys: Readonly<Record<ChannelSortField, (summary: ChannelSummary) => number>> = {
  LAST_MESSAGE_AT: ({ data }) => time(data.lastMessageAt),
  CREATED_AT: ({ data }) => time(data.createdAt),
  UPDATED_AT: ({ data }) => time(data.updatedAt),
  MEMBER_COUNT: ({ data }) => data.memberCount,
  UNREAD_COUNT: ({ unreadCount }) => unreadCount,
};

/** Negative when `a` comes first. Ties are broken by id, as in the API. */
export function compareBy(sort: readonly ChannelSort[]): (a: ChannelSummary, b: ChannelSummary) => number {
  return (a, b) => {
    for (const { field, direction } of sort) {
      const difference = keys[field](a) - keys[field](b);
      if (difference !== 0) return direction === 'ASC' ? difference : -difference;
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  };
}
