import { type RefObject, useState } from 'react';
import { useBrowserLayoutEffect } from './use-browser-layout-effect.ts';

/** Whether an element is too narrow for two panes side by side. Measured before the first paint, then whenever it changes. */
export function useNarrow(element: RefObject<HTMLElement | null>, breakpoint: number): boolean {
  const [narrow, setNarrow] = useState(false);
  useBrowserLayoutEffect(() => {
    const target = element.current;
    if (target === null || typeof ResizeObserver === 'undefined') return undefined;
    const measure = () => {
      const width = target.clientWidth;
      // Zero is not narrow but hidden; what was true before still is.
      if (width > 0) setNarrow(width < breakpoint);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, breakpoint]);
  return narrow;
}
