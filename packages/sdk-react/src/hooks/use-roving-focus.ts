import { ownValue } from '@parley/contracts';
import { type FocusEvent, type KeyboardEvent, type RefObject, useCallback, useRef } from 'react';
import { scrollWithin } from '../lib/scroll-within.ts';
import { useBrowserLayoutEffect } from './use-browser-layout-effect.ts';

export interface RovingFocus {
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/**
 * One Tab stop for all elements of a list that match: the one that had the focus last, or else the last of all; arrow keys, Home and End move between
 * them (roving tabindex of the ARIA practices). The tab stop is set on the elements, not rendered, so that no row renders anew because another one came.
 */
export function useRovingFocus(list: RefObject<HTMLElement | null>, selector: string): RovingFocus {
  const chosen = useRef<HTMLElement | null>(null);
  const stop = useRef<HTMLElement | null>(null);

  const moveStop = useCallback((to: HTMLElement | null) => {
    if (stop.current !== null && stop.current !== to) stop.current.tabIndex = -1;
    if (to !== null) to.tabIndex = 0;
    stop.current = to;
  }, []);

  // After each render: rows come and go.
  useBrowserLayoutEffect(() => {
    if (list.current?.contains(chosen.current) !== true) chosen.current = null;
    moveStop(chosen.current ?? [...(list.current?.querySelectorAll<HTMLElement>(selector) ?? [])].at(-1) ?? null);
  });

  const onFocus = useCallback(
    ({ target }: FocusEvent<HTMLElement>) => {
      chosen.current = target.closest<HTMLElement>(selector);
      if (chosen.current !== null) moveStop(chosen.current);
    },
    [moveStop, selector],
  );
  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      const { target } = event;
      if (!(target instanceof HTMLElement) || !target.matches(selector)) return;
      const all = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
      const at = all.indexOf(target);
      const next = ownValue({ ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }, event.key);
      if (next === undefined) return;
      event.preventDefault();
      const row = all[Math.max(0, Math.min(next, all.length - 1))];
      row?.focus({ preventScroll: true });
      const scroller = row?.closest('.parley-scroller');
      if (row !== undefined && scroller != null) scrollWithin(scroller, row, 'nearest');
    },
    [selector],
  );
  return { onFocus, onKeyDown };
}
