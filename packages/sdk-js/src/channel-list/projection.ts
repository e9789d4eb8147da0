import type { OpenChannel } from '../channels/open-channel.ts';
import { sameFields } from '../lib/same-fields.ts';
import { lastIndex } from '../messages/timeline.ts';
import type { ChannelSummary } from './channel-list.ts';
import { summaryMembers } from './channel-page.ts';

/** A channel that is followed here, as a list shows it; null while it is not live. */
export function projected({ handle, newest }: OpenChannel): ChannelSummary | null {
  const { id, state, members, messages, unread } = handle;
  const { status, data, membership, capabilities } = state.get();
  if (status !== 'live' || data === null) return null;
  const { items, hasNewer } = messages.get();
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
    // What is loaded shows the viewer's own pending changes, but its end may be in the middle of the history.
    lastMessage: (hasNewer ? newest() : items[lastIndex(items, ({ seq }) => seq > 0)]) ?? null,
  };
}

/** Whether both look the same in a list. */
export const looksSame = (a: ChannelSummary, b: ChannelSummary): boolean =>
  sameFields(a.members, b.members) && sameFields({ ...a, members: b.members }, b);
