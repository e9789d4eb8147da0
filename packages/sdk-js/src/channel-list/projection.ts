import type { Message } from '@parley/contracts';
import type { Channel } from '../channels/channel.ts';
import type { ChannelSummary } from './channel-list.ts';
import { summaryMembers } from './channel-page.ts';

/** A channel that is followed here, as a list shows it; null while it is not live. */
export function projected({ id, state, members, messages, unread }: Channel): ChannelSummary | null {
  const { status, data, membership, capabilities } = state.get();
  if (status !== 'live' || data === null) return null;
  const { count, mentions, readSeq } = unread.get();
  return {
    id,
    data,
    membership,
    capabilities,
    readSeq,
    members: members.get().slice(0, summaryMembers),
    unreadCount: count,
    unreadMentions: mentions,
    lastMessage: lastOf(messages.get().items),
  };
}

function lastOf(items: readonly (Message & { readonly status: string })[]): Message | null {
  for (let at = items.length - 1; at >= 0; at -= 1) {
    const item = items[at];
    if (item !== undefined && item.seq > 0) return item;
  }
  return null;
}

/** Whether both look the same in a list. */
export function looksSame(a: ChannelSummary, b: ChannelSummary): boolean {
  return (
    a.data === b.data &&
    a.lastMessage === b.lastMessage &&
    a.membership === b.membership &&
    a.unreadCount === b.unreadCount &&
    a.unreadMentions === b.unreadMentions &&
    a.readSeq === b.readSeq &&
    a.members.length === b.members.length &&
    a.members.every((member, at) => member === b.members[at])
  );
}
