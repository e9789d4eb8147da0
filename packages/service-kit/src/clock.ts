/** What {@link Clock.setTimeout} gives and {@link Clock.clearTimeout} takes. */
export type TimerHandle = unknown;

/** Time as a dependency, so that a test can hold it still. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  setTimeout(run: () => void, ms: number): TimerHandle;
  /** Harmless when the timer has run or the handle is not one of this clock's. */
  clearTimeout(handle: TimerHandle): void;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (handle) => {
    if (handle instanceof Object || typeof handle === 'number') clearTimeout(handle as NodeJS.Timeout);
  },
};
