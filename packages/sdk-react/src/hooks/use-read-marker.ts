import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { watchSeen } from '../lib/watch-seen.ts';
import { useChannelContext } from '../provider/parley-context.ts';
import { useClient } from './use-client.ts';
import { usePageAttention } from './use-page-attention.ts';
import { useStore } from './use-store.ts';

export interface ReadMarker extends MarkerState {
  /** Whoever has answered knows what was new. */
  readonly forget: () => void;
}

interface MarkerState {
  /** The divider goes after this position; null: there is none. */
  readonly newAfterSeq: number | null;
  /** Whether it was there when the channel was opened, which then begins at it. */
  readonly fromOpening: boolean;
}

const noMarker: MarkerState = { newAfterSeq: null, fromOpening: false };

/**
 * Moves the read position to the newest message that somebody has seen, and returns the position that the "new messages" divider goes after: where
 * reading had stopped when the channel was opened, or when the reader looked away. The rows are found by the list and the scroller around it.
 */
export function useReadMarker(list: HTMLElement | null, atEnd: boolean): ReadMarker {
  const { channel } = useChannelContext();
  const client = useClient();
  const unread = useStore(channel.unread);
  const state = useStore(channel.state);
  const [marker, setMarker] = useState(noMarker);
  const [inSight, setInSight] = useState(false);
  const opened = useRef(false);
  const caughtUp = useRef(true);
  const attentive = usePageAttention();
  const looking = attentive && inSight && atEnd;
  const member = state.membership !== null;
  const loaded = state.status === 'live';

  useEffect(() => {
    if (!loaded) return;
    const first = !opened.current;
    opened.current = true;
    if (unread.count === 0) {
      caughtUp.current = true;
    } else if (first || (caughtUp.current && !looking)) {
      // It stays there while somebody reads on from it.
      caughtUp.current = false;
      setMarker((before) => later(before, unread.readSeq, first));
    }
  }, [loaded, looking, unread]);

  useEffect(() => {
    const scroller = list?.closest<HTMLElement>('.parley-scroller');
    if (!attentive || !member || list === null || scroller == null) return undefined;
    return watchSeen({
      list,
      scroller,
      unreadSeqOf(messageId) {
        const message = channel.messages.get().items.find(({ id }) => id === messageId);
        if (message === undefined || message.deletedAt !== null || message.user?.id === client.userId) return 0;
        return message.seq > channel.unread.get().readSeq ? message.seq : 0;
      },
      onSeen: async (seq) => {
        if (channel.state.get().status === 'live') await channel.markRead(seq);
      },
      onInSight: setInSight,
    });
  }, [channel, client, list, attentive, member]);

  const forget = useCallback(() => setMarker(noMarker), []);
  return useMemo(() => ({ ...marker, forget }), [marker, forget]);
}

function later(before: MarkerState, readSeq: number, fromOpening: boolean): MarkerState {
  if (before.newAfterSeq !== null && readSeq <= before.newAfterSeq) return before;
  return { newAfterSeq: readSeq, fromOpening };
}
