import type { ChannelFilter, ChannelSort } from '@parley/contracts';
import { viewerOf } from '../channels/snapshot.ts';
import { completed } from '../messages/message-page.ts';
import { type ChannelsQuery, channelsQuery } from '../operations/documents.ts';
import type { ExecuteTyped } from '../operations/execute.ts';
import type { ChannelSummary } from './channel-list.ts';

export interface ChannelPage {
  readonly items: readonly ChannelSummary[];
  readonly hasMore: boolean;
  readonly cursor: string | null;
}

export interface ChannelPageInput {
  readonly filter: ChannelFilter | undefined;
  readonly sort: readonly ChannelSort[];
  readonly first: number;
  readonly after?: string | null;
}

export const summaryMembers = 25;
/** The API bounds the fields of one answer; long pages show fewer members of each channel. */
const membersInPageOf = (first: number): number => (first <= 40 ? summaryMembers : 5);

/** @throws what the query is refused with */
export async function loadPage(
  execute: ExecuteTyped,
  { filter, sort, first, after }: ChannelPageInput,
): Promise<ChannelPage> {
  const members = membersInPageOf(first);
  const { channels } = await execute(channelsQuery, {
    filter,
    sort,
    first,
    after: after ?? undefined,
    members,
  });
  return {
    items: channels.nodes.map(summaryOf),
    hasMore: channels.pageInfo.hasNextPage,
    cursor: channels.pageInfo.endCursor,
  };
}

function summaryOf({ viewer, members, messages, ...data }: ChannelsQuery['channels']['nodes'][number]): ChannelSummary {
  const [last] = messages.nodes;
  return {
    ...viewerOf(viewer),
    id: data.id,
    data,
    members: members.nodes,
    lastMessage: last === undefined ? null : completed(last),
  };
}
