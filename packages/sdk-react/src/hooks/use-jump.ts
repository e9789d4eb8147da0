import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { scrollWithin } from '../lib/scroll-within.ts';
import { useBrowserLayoutEffect } from './use-browser-layout-effect.ts';
import type { UseMessagesResult } from './use-messages.ts';

const highlightMs = 1_800;
const noteMs = 6_000;

/** What has become of a jump: the message is being loaded, is no longer there, or could not be loaded. */
export type JumpState = 'idle' | 'loading' | 'gone' | 'failed';

export interface UseJumpResult {
  readonly highlightedId: string | null;
  readonly jumpState: JumpState;
  readonly jumpTo: (messageId: string) => void;
  readonly cancelJump: () => void;
}

/** Brings a message into view, with the page around it where it is not loaded. */
export function useJump(
  scrollerRef: RefObject<HTMLElement | null>,
  { items, loadAround }: UseMessagesResult,
  onMoved: () => void,
): UseJumpResult {
  const [wanted, setWanted] = useState<{ readonly id: string; readonly loaded: boolean } | null>(null);
  const [fault, setFault] = useState<'gone' | 'failed' | null>(null);
  const [highlightedId, setHighlightedId] = useState<string | null>(null);
  const latest = useRef(0);

  const cancelJump = useCallback(() => {
    latest.current += 1;
    setWanted(null);
    setFault(null);
  }, []);
  const jumpTo = useCallback(
    (id: string) => {
      cancelJump();
      setWanted({ id, loaded: false });
      const jump = latest.current;
      loadAround(id).then(
        () => {
          if (latest.current === jump) setWanted((now) => now && { id, loaded: true });
        },
        () => {
          if (latest.current !== jump) return;
          setWanted(null);
          setFault('failed');
        },
      );
    },
    [loadAround, cancelJump],
  );

  useBrowserLayoutEffect(() => {
    if (wanted === null) return;
    const isThere = items.some(({ id }) => id === wanted.id);
    if (!isThere && !wanted.loaded) return;
    setWanted(null);
    if (!isThere) return setFault('gone');
    setHighlightedId(wanted.id);
    const scroller = scrollerRef.current;
    const row = scroller?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(wanted.id)}"]`) ?? null;
    if (scroller === null || row === null) return;
    scrollWithin(scroller, row, 'center');
    row.focus({ preventScroll: true });
    onMoved();
  }, [wanted, items, scrollerRef, onMoved]);

  useEffect(() => {
    if (highlightedId === null) return undefined;
    const timer = setTimeout(() => setHighlightedId(null), highlightMs);
    return () => clearTimeout(timer);
  }, [highlightedId]);
  useEffect(() => {
    if (fault === null) return undefined;
    const timer = setTimeout(() => setFault(null), noteMs);
    return () => clearTimeout(timer);
  }, [fault]);

  return { highlightedId, jumpState: wanted === null ? (fault ?? 'idle') : 'loading', jumpTo, cancelJump };
}
