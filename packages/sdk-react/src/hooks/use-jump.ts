import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { scrollWithin } from '../lib/scroll-within.ts';
import type { UseMessagesResult } from './use-messages.ts';

const pagesToSearch = 20;
const highlightMs = 1_800;

export interface UseJumpResult {
  readonly highlightedId: string | null;
  readonly jumpTo: (messageId: string) => void;
}

/** Brings a message into view, loading older pages until it is there. */
export function useJump(
  scrollerRef: RefObject<HTMLElement | null>,
  { items, hasOlder, loadingOlder, loadOlder }: UseMessagesResult,
): UseJumpResult {
  const [wanted, setWanted] = useState<{ readonly id: string } | null>(null);
  const [highlightedId, setHighlightedId] = useState<string | null>(null);
  const pagesLeft = useRef(0);

  const jumpTo = useCallback((id: string) => {
    pagesLeft.current = pagesToSearch;
    setWanted({ id });
  }, []);

  useEffect(() => {
    if (wanted === null) return;
    if (items.some(({ id }) => id === wanted.id)) {
      setWanted(null);
      setHighlightedId(wanted.id);
      const scroller = scrollerRef.current;
      const row = scroller?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(wanted.id)}"]`) ?? null;
      if (scroller === null || row === null) return;
      scrollWithin(scroller, row, 'center');
      row.focus({ preventScroll: true });
    } else if (!hasOlder || pagesLeft.current <= 0) {
      setWanted(null);
    } else if (!loadingOlder) {
      pagesLeft.current -= 1;
      loadOlder().catch(() => setWanted(null));
    }
  }, [wanted, items, hasOlder, loadingOlder, loadOlder, scrollerRef]);

  useEffect(() => {
    if (highlightedId === null) return undefined;
    const timer = setTimeout(() => setHighlightedId(null), highlightMs);
    return () => clearTimeout(timer);
  }, [highlightedId]);

  return { highlightedId, jumpTo };
}
