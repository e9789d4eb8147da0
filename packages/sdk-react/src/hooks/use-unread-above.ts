import { type RefObject, useCallback, useEffect, useState } from 'react';
import type { TimelineRow } from '../timeline/timeline.ts';

export interface UnreadAbove {
  /** Id of the first message that was unread at opening, when it is above what is shown; null: it is in view, below, or was looked for again. */
  readonly messageId: string | null;
  /** Somebody has gone there, or has answered: it is no longer offered. */
  readonly forget: () => void;
}

/** The way back to the first unread message, for whoever went on to the newest ones. */
export function useUnreadAbove(scrollerRef: RefObject<HTMLElement | null>, rows: readonly TimelineRow[]): UnreadAbove {
  const [firstId, setFirstId] = useState<string | null>(null);
  const [left, setLeft] = useState(false);
  const divider = rows.findIndex(({ kind }) => kind === 'new');
  const after = divider < 0 ? undefined : rows[divider + 1];
  const found = after?.kind === 'message' ? after.message.id : null;
  const oldest = rows.find((row) => row.kind === 'message');
  const isBefore = firstId !== null && found === null && oldest !== undefined && oldest.message.id !== firstId;

  useEffect(() => {
    if (found !== null) setFirstId(found);
  }, [found]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows move the divider
  useEffect(() => {
    const scroller = scrollerRef.current;
    if (scroller === null) return undefined;
    const look = () => {
      const mark = scroller.querySelector('[data-row="new"]');
      // Whoever has gone less than half a page finds it by eye.
      const edge = scroller.getBoundingClientRect().top - scroller.clientHeight / 2;
      setLeft(mark !== null && mark.getBoundingClientRect().bottom < edge);
    };
    look();
    scroller.addEventListener('scroll', look, { passive: true });
    return () => scroller.removeEventListener('scroll', look);
  }, [scrollerRef, rows]);

  const forget = useCallback(() => setFirstId(null), []);
  return { messageId: left || isBefore ? firstId : null, forget };
}
