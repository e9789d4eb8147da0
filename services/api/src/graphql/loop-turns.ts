/** Turns of the event loop, for work that is cut in slices. */
export interface LoopTurns {
  /** Resolves in a turn that no other slice has: between two of them sockets and timers are served. */
  next(): Promise<void>;
}

/** Slices of all operations take turns, so that many long answers hold the event loop no longer than one. */
export function createLoopTurns(): LoopTurns {
  const waiting: (() => void)[] = [];
  const run = () => {
    waiting.shift()?.();
    // The slice runs in the microtasks after this, before the next turn.
    if (waiting.length > 0) setImmediate(run);
  };
  return {
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) setImmediate(run);
      }),
  };
}
