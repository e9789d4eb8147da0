import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useBrowserLayoutEffect } from './use-browser-layout-effect.ts';

/** Close enough to the end to count as being there, in CSS pixels. */
const endTolerance = 48;
const nearStart = 800;

export interface EndAnchoredScrollOptions {
  /** What is shown; another reference means that the layout may have changed. */
  readonly rows: unknown;
  readonly onNearStart: () => void;
  readonly onAtEnd: (atEnd: boolean) => void;
}

export interface EndAnchoredScroll {
  readonly scrollerRef: RefObject<HTMLDivElement | null>;
  /** The way to tell which list holds the rows. */
  readonly setContent: (content: HTMLOListElement | null) => void;
  readonly scrollToEnd: (how?: 'smooth' | 'instant') => void;
  readonly onScroll: () => void;
}

/**
 * Scrolling that begins at the end. The scroller is a reversed column, so that the browser itself keeps the end in view, and keeps the place
 * when older rows appear on top. What it does not do everywhere is keep the place when rows appear or grow below: that is done here, by holding
 * the lower edge of the row in the middle where it was. (Rows that come into view grow upwards, so upper edges are not stable.)
 */
export function useEndAnchoredScroll({ rows, onNearStart, onAtEnd }: EndAnchoredScrollOptions): EndAnchoredScroll {
  const scrollerRef = useRef<HTMLDivElement>(null);
  const [content, setContent] = useState<HTMLOListElement | null>(null);
  const anchor = useRef<{ readonly row: Element; readonly bottom: number } | null>(null);

  const hold = useCallback(() => {
    const scroller = scrollerRef.current;
    const held = anchor.current;
    if (scroller === null || held === null || !held.row.isConnected) return;
    const moved = held.row.getBoundingClientRect().bottom - held.bottom;
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved;
  }, []);

  const look = useCallback(() => {
    const scroller = scrollerRef.current;
    if (scroller === null || content === null) return;
    const fromEnd = Math.abs(scroller.scrollTop);
    const isAtEnd = fromEnd <= endTolerance;
    anchor.current = isAtEnd ? null : rowAt(content, scroller.getBoundingClientRect().top + scroller.clientHeight / 2);
    onAtEnd(isAtEnd);
    const fromStart = scroller.scrollHeight - scroller.clientHeight - fromEnd;
    if (scroller.clientHeight > 0 && fromStart < nearStart) onNearStart();
  }, [content, onNearStart, onAtEnd]);

  useBrowserLayoutEffect(() => {
    hold();
    look();
  }, [rows, hold, look]);

  useEffect(() => {
    if (content === null || typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(hold);
    observer.observe(content);
    return () => observer.disconnect();
  }, [content, hold]);

  const scrollToEnd = useCallback((how: 'smooth' | 'instant' = 'instant') => {
    anchor.current = null;
    scrollerRef.current?.scrollTo?.({ top: 0, behavior: prefersStillness() ? 'instant' : how });
  }, []);

  return { scrollerRef, setContent, scrollToEnd, onScroll: look };
}

/** Style sheets do not hold back what a script scrolls. */
const prefersStillness = (): boolean => globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches === true;

/** The first row that ends below a line, in viewport coordinates. */
function rowAt(content: Element, line: number): { readonly row: Element; readonly bottom: number } | null {
  const rows = content.children;
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.getBoundingClientRect().bottom ?? 0) > line) high = middle;
    else low = middle + 1;
  }
  const row = rows[low];
  return row === undefined ? null : { row, bottom: row.getBoundingClientRect().bottom };
}
