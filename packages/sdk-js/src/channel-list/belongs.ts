import type { ChannelFilter } from '@parley/contracts';
import { matches } from '@parley/contracts';
import type { ChannelSummary } from './channel-list.ts';

/** Whether the summary belongs in the list: null when only the API can tell, for a summary has no more than the first members. */
export function belongs(filter: ChannelFilter | undefined, summary: ChannelSummary): boolean | null {
  if (filter === undefined) return true;
  const { data, members, unreadCount } = summary;
  if (asksForMembers(filter) && members.length < data.memberCount) return null;
  const memberIds = members.map(({ user }) => user.id);
  return matches(filter, { ...data, memberIds, createdById: data.createdBy?.id ?? null }, { unreadCount });
}

function asksForMembers({ members, and, or, not }: ChannelFilter): boolean {
  const parts = [...(and ?? []), ...(or ?? []), ...(not ? [not] : [])];
  return (members !== null && members !== undefined) || parts.some(asksForMembers);
}
