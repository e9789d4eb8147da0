/** Time as code under test sees it; the real one is `{ now: Date.now, setTimeout, clearTimeout }`. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** A clock that stands still until the test moves it. */
export interface FakeClock extends Clock {
  /** Timers that wait, the count of them. */
  readonly pending: number;
  /** Moves time by `ms` and runs what falls due, in order; what those timers set runs too when it falls within. */
  advance(ms: number): void;
  /** As `advance`, and lets promises settle before, between and after the timers. */
  advanceAsync(ms: number): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const runawayLimit = 100_000;

/** A clock for tests, at `start` ms since 1970. */
export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let time = start;
  let order = 0;
  const timers = new Set<Timer>();

  const takeDue = (until: number): Timer | undefined => {
    let due: Timer | undefined;
    for (const timer of timers) {
      if (timer.at > until) continue;
      if (due === undefined || timer.at < due.at || (timer.at === due.at && timer.order < due.order)) due = timer;
    }
    if (due !== undefined) {
      timers.delete(due);
      time = Math.max(time, due.at);
    }
    return due;
  };

  const refuseRunaway = (ran: number) => {
    if (ran > runawayLimit)
      throw new Error(`unable to advance the clock; over ${runawayLimit} timers ran: one sets itself again at once`);
  };

  return {
    now: () => time,
    setTimeout(run, ms) {
      order += 1;
      const timer: Timer = { at: time + Math.max(0, ms), order, run };
      timers.add(timer);
      return timer;
    },
    clearTimeout(handle) {
      for (const timer of timers) if (timer === handle) timers.delete(timer);
    },
    get pending() {
      return timers.size;
    },
    advance(ms) {
      const until = time + ms;
      let ran = 0;
      for (let timer = takeDue(until); timer !== undefined; timer = takeDue(until)) {
        timer.run();
        ran += 1;
        refuseRunaway(ran);
      }
      time = until;
    },
    async advanceAsync(ms) {
      const until = time + ms;
      let ran = 0;
      await settled();
      for (let timer = takeDue(until); timer !== undefined; timer = takeDue(until)) {
        timer.run();
        ran += 1;
        refuseRunaway(ran);
        await settled();
      }
      time = until;
      await settled();
    },
  };
}

/** A turn of the event loop, in which every promise that is ready to settle does. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
