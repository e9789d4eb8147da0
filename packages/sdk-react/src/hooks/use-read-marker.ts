import { useEffect, useRef, useState } from 'react';
import { useChannelContext } from '../provider/parley-context.ts';
import { useStore } from './use-store.ts';

/** Milliseconds in view that make a message read: long enough for the list to have moved to the first unread one. */
const glanceMs = 250;
const retryMs = 5_000;

export interface ReadMarker {
  /** The divider goes after this position; null: there is none. */
  readonly newAfterSeq: number | null;
  /** Whether it was there when the channel was opened, which then begins at it. */
  readonly fromOpening: boolean;
}

const noMarker: ReadMarker = { newAfterSeq: null, fromOpening: false };

/**
 * Marks the channel as read while somebody looks at its end, and returns the position that the "new messages" divider goes after: where
 * reading had stopped when the channel was opened, or when the reader looked away.
 */
export function useReadMarker(attentive: boolean): ReadMarker {
  const { channel } = useChannelContext();
  const unread = useStore(channel.unread);
  const state = useStore(channel.state);
  const [marker, setMarker] = useState(noMarker);
  const opened = useRef(false);
  const member = state.membership !== null;
  const loaded = state.status === 'live';
  const marking = attentive && loaded && member;

  useEffect(() => {
    if (!loaded) return;
    const first = !opened.current;
    opened.current = true;
    if (unread.count > 0 && (first || !attentive)) setMarker((before) => later(before, unread.readSeq, first));
  }, [loaded, attentive, unread]);

  const hasUnread = unread.count > 0;
  useEffect(() => {
    if (!marking || !hasUnread) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    let stopped = false;
    const markIn = (ms: number) => {
      const again = (pause: number) => {
        if (!stopped && channel.unread.get().count > 0) markIn(pause);
      };
      timer = setTimeout(() => {
        channel.markRead().then(
          () => again(glanceMs),
          () => again(retryMs),
        );
      }, ms);
    };
    markIn(glanceMs);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [channel, marking, hasUnread]);

  return marker;
}

function later(before: ReadMarker, readSeq: number, fromOpening: boolean): ReadMarker {
  if (before.newAfterSeq !== null && readSeq <= before.newAfterSeq) return before;
  return { newAfterSeq: readSeq, fromOpening };
}
