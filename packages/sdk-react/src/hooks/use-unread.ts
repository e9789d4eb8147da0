import type { Channel, UnreadState } from '@parley/sdk-js';
import { useMemo } from 'react';
import { useChannelContext } from '../provider/parley-context.ts';
import { useStore } from './use-store.ts';

export interface UseUnreadResult extends UnreadState, Pick<Channel, 'markRead'> {}

/** Unread numbers of the viewer in the channel. */
export function useUnread(): UseUnreadResult {
  const { channel } = useChannelContext();
  const unread = useStore(channel.unread);
  return useMemo(() => ({ ...unread, markRead: (seq) => channel.markRead(seq) }), [unread, channel]);
}
