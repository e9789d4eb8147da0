import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useBrowserLayoutEffect } from './use-browser-layout-effect.ts';

/** Close enough to the end to count as being there, in CSS pixels. */
const endTolerance = 48;
const near = 800;

export interface EndAnchoredScrollOptions {
  /** What is shown; another reference means that the layout may have changed. */
  readonly rows: unknown;
  /** Whether there is more after the rows, so that their end is not the end. */
  readonly hasNewer: boolean;
  readonly onNearStart: () => void;
  readonly onNearEnd: () => void;
  readonly onAtEnd: (atEnd: boolean) => void;
}

export interface EndAnchoredScroll {
  readonly scrollerRef: RefObject<HTMLDivElement | null>;
  /** The way to tell which list holds the rows. */
  readonly setContent: (content: HTMLOListElement | null) => void;
  readonly scrollToEnd: (how?: 'smooth' | 'instant') => void;
  readonly onScroll: () => void;
  /** To be called after scrolling by script, so that the new place is kept. */
  readonly keepPlace: () => void;
}

/**
 * Scrolling that begins at the end. The scroller is a reversed column, so that the browser itself keeps the end in view, and keeps the place
 * when older rows appear on top. What it does not do everywhere is keep the place when rows appear or grow below: that is done here, by holding
 * the lower edge of the row in the middle where it was. (Rows that come into view grow upwards, so upper edges are not stable.)
 */
export function useEndAnchoredScroll(options: EndAnchoredScrollOptions): EndAnchoredScroll {
  const { rows, hasNewer, onNearStart, onNearEnd, onAtEnd } = options;
  const scrollerRef = useRef<HTMLDivElement>(null);
  const [content, setContent] = useState<HTMLOListElement | null>(null);
  const anchor = useRef<{ readonly row: Element; readonly bottom: number } | null>(null);
  /** The end was asked for, and its rows are still to come. */
  const goingToEnd = useRef(false);

  const hold = useCallback(() => {
    const scroller = scrollerRef.current;
    const held = anchor.current;
    if (scroller === null || held === null || !held.row.isConnected) return;
    const moved = held.row.getBoundingClientRect().bottom - held.bottom;
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved;
  }, []);

  const keepPlace = useCallback(() => {
    const scroller = scrollerRef.current;
    if (scroller === null || content === null) return;
    const atLastRow = Math.abs(scroller.scrollTop) <= endTolerance;
    const isAtEnd = atLastRow && !hasNewer;
    if (isAtEnd || !atLastRow) goingToEnd.current = false;
    const middle = scroller.getBoundingClientRect().top + scroller.clientHeight / 2;
    anchor.current = isAtEnd || goingToEnd.current ? null : rowAt(content, middle);
    onAtEnd(isAtEnd);
  }, [content, hasNewer, onAtEnd]);

  const loadNear = useCallback(() => {
    const scroller = scrollerRef.current;
    if (scroller === null || content === null || scroller.clientHeight === 0) return;
    const fromEnd = Math.abs(scroller.scrollTop);
    const fromStart = scroller.scrollHeight - scroller.clientHeight - fromEnd;
    if (fromStart < near) onNearStart();
    if (fromEnd < near && !goingToEnd.current) onNearEnd();
  }, [content, onNearStart, onNearEnd]);

  useBrowserLayoutEffect(() => {
    hold();
    keepPlace();
  }, [rows, hold, keepPlace]);
  // Later than what scrolls to the place that a list opens at.
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows bring other ends near
  useEffect(loadNear, [rows, loadNear]);

  useEffect(() => {
    if (content === null || typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(hold);
    observer.observe(content);
    // What stands below the rows comes and goes too.
    if (content.parentElement !== null) observer.observe(content.parentElement);
    return () => observer.disconnect();
  }, [content, hold]);

  const scrollToEnd = useCallback((how: 'smooth' | 'instant' = 'instant') => {
    anchor.current = null;
    goingToEnd.current = how === 'instant';
    scrollerRef.current?.scrollTo?.({ top: 0, behavior: prefersStillness() ? 'instant' : how });
  }, []);
  const onScroll = useCallback(() => {
    keepPlace();
    loadNear();
  }, [keepPlace, loadNear]);

  return { scrollerRef, setContent, scrollToEnd, onScroll, keepPlace };
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
