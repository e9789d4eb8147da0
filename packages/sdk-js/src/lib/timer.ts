import type { Clock } from './clock.ts';

/** One timer that can be set again: setting it drops what was set before. */
export interface Timer {
  set(run: () => void, ms: number): void;
  clear(): void;
  readonly active: boolean;
}

/** Longer waits overflow setTimeout's 32 bits and would fire at once. */
const mostMs = 2 ** 31 - 1;

export function createTimer(clock: Clock): Timer {
  let pending: { readonly handle: unknown } | null = null;
  const clear = (): void => {
    if (pending !== null) clock.clearTimeout(pending.handle);
    pending = null;
  };
  return {
    clear,
    get active() {
      return pending !== null;
    },
    set(run, ms) {
      clear();
      const handle = clock.setTimeout(
        () => {
          pending = null;
          run();
        },
        Math.min(mostMs, Math.max(0, ms)),
      );
      pending = { handle };
    },
  };
}
