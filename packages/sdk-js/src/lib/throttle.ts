import type { Clock } from './clock.ts';
import { createTimer } from './timer.ts';

/** Lets at most `perSecond` works start within any second; the rest wait in order. */
export interface Throttle {
  /** Runs the work now or when its turn comes. Returns a function that takes it out of the queue. */
  schedule(work: () => void): () => void;
  clear(): void;
}

export function createThrottle(clock: Clock, perSecond: number): Throttle {
  const waiting = new Set<() => void>();
  const timer = createTimer(clock);
  let starts: number[] = [];

  const pump = (): void => {
    const now = clock.now();
    starts = starts.filter((at) => at > now - 1000 && at <= now);
    for (const work of waiting) {
      if (starts.length >= perSecond) break;
      waiting.delete(work);
      starts.push(now);
      work();
    }
    const oldest = starts[0];
    if (waiting.size > 0 && oldest !== undefined && !timer.active) timer.set(pump, oldest + 1000 - now);
  };

  return {
    schedule(work) {
      const own = (): void => work();
      waiting.add(own);
      pump();
      return () => void waiting.delete(own);
    },
    clear() {
      waiting.clear();
      timer.clear();
    },
  };
}
