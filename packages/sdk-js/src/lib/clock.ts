/** Time as the SDK sees it, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout(handle) {
    // The handle is a number in browsers and an object in Node; only what setTimeout gave ever comes back.
    clearTimeout(handle as ReturnType<typeof setTimeout>);
  },
};
