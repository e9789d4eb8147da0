/** A function that does its work once, however often it is called. */
export function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}

export interface Watchers {
  readonly any: boolean;
  /** Returns a function that unsubscribes. */
  watch(): () => void;
}

/** Counts who watches: the first one starts it, and when the last one has gone it ends. */
export function createWatchers(start: () => void, end: () => void): Watchers {
  let count = 0;
  return {
    get any() {
      return count > 0;
    },
    watch() {
      count += 1;
      if (count === 1) start();
      return once(() => {
        count -= 1;
        if (count === 0) end();
      });
    },
  };
}
