/** Handle that {@link Clock.setTimeout} returns and {@link Clock.clearTimeout} takes. */
export type TimerHandle = unknown;

/** Time as a dependency, so that a test can hold it still. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  setTimeout(run: () => void, ms: number): TimerHandle;
  /** Harmless when the timer has run or the handle is not one of this clock's. */
  clearTimeout(handle: TimerHandle): void;
}

/**
 * The machine's own time as it was when the process started, going on evenly from there: when somebody sets the clock, nothing that waits ends too
 * soon, and nothing waits for ever.
 */
export const systemClock: Clock = {
  now: () => Math.floor(performance.timeOrigin + performance.now()),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (handle) => {
    if (handle instanceof Object || typeof handle === 'number') clearTimeout(handle as NodeJS.Timeout);
  },
};
