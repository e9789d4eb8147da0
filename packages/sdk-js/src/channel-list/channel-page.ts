import type { Channel as ChannelData, ChannelFilter, ChannelSort, Member, Message } from '@parley/contracts';
import { nobody, type Viewer } from '../channels/snapshot.ts';
import { completed } from '../messages/message-page.ts';
import type { Execute } from '../operations/execute.ts';
import type { ChannelSummary } from './channel-list.ts';
import { channelsQuery } from './documents.ts';

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

type Node = ChannelData & {
  readonly viewer: Viewer | null;
  readonly members: { readonly nodes: readonly Member[] };
  readonly messages: { readonly nodes: readonly Message[] };
};

interface Answer {
  readonly channels: {
    readonly nodes: readonly Node[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

export const summaryMembers = 25;
/** The API bounds the fields of one answer; long pages show fewer members of each channel. */
const membersInPageOf = (first: number): number => (first <= 40 ? summaryMembers : 5);

/** @throws what the query is refused with */
export async function loadPage(
  execute: Execute,
  { filter, sort, first, after }: ChannelPageInput,
): Promise<ChannelPage> {
  const members = membersInPageOf(first);
  const { channels } = await execute<Answer>(channelsQuery, {
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

function summaryOf({ viewer, members, messages, ...data }: Node): ChannelSummary {
  const [last] = messages.nodes;
  return {
    ...(viewer ?? nobody),
    id: data.id,
    data,
    members: members.nodes,
    lastMessage: last === undefined ? null : completed(last),
  };
}
