import type { Clock, Logger, TimerHandle } from '@parley/service-kit';

/** Runs work by key: at once for the first touch, then at most every so often however often it is touched. */
export interface Throttle {
  /** Something changed for this key: its work runs (again), after this call. */
  touch(key: string): void;
  /** Starts nothing more; resolves when what runs has ended. */
  close(): Promise<void>;
}

interface ThrottleOptions {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** At least so long from the end of one run of a key to the start of its next. */
  readonly intervalMs: number;
  /** Runs at once, over all keys. */
  readonly concurrency: number;
  /** Keys that one run may take when several wait; 1 when absent. */
  readonly together?: number;
  /** Is run again after a second when it fails. */
  readonly work: (keys: readonly string[]) => Promise<void>;
}

const retryMs = 1_000;
/** A key whose work is slow is run less often: it takes at most a quarter of the time. */
const restPerWork = 3;

interface Entry {
  touched: boolean;
  timer: TimerHandle | null;
}

export function createThrottle({
  clock,
  logger,
  intervalMs,
  concurrency,
  together = 1,
  work,
}: ThrottleOptions): Throttle {
  const entries = new Map<string, Entry>();
  const waiting: string[] = [];
  const running = new Set<Promise<void>>();
  let closed = false;

  const rest = (key: string, entry: Entry, ms: number) => {
    entry.timer = clock.setTimeout(() => {
      entry.timer = null;
      if (!entry.touched) entries.delete(key);
      else {
        waiting.push(key);
        startSome();
      }
    }, ms);
  };

  const run = async (entered: ReadonlyMap<string, Entry>) => {
    for (const entry of entered.values()) entry.touched = false;
    const startedAt = clock.now();
    let restMs = 0;
    try {
      await work([...entered.keys()]);
      restMs = Math.max(intervalMs, (clock.now() - startedAt) * restPerWork);
    } catch (error) {
      logger.warn({ err: error }, 'throttled work failed; it is tried again');
      for (const entry of entered.values()) entry.touched = true;
      restMs = Math.max(intervalMs, retryMs);
    }
    if (!closed) for (const [key, entry] of entered) rest(key, entry, restMs);
  };

  const startSome = () => {
    while (!closed && waiting.length > 0 && running.size < concurrency) {
      const entered = new Map<string, Entry>();
      for (const key of waiting.splice(0, together)) {
        const entry = entries.get(key);
        if (entry !== undefined) entered.set(key, entry);
      }
      const done = run(entered).finally(() => {
        running.delete(done);
        startSome();
      });
      running.add(done);
    }
  };

  return {
    touch(key) {
      if (closed) return;
      const entry = entries.get(key);
      if (entry !== undefined) {
        entry.touched = true;
        return;
      }
      entries.set(key, { touched: true, timer: null });
      waiting.push(key);
      startSome();
    },
    async close() {
      closed = true;
      for (const { timer } of entries.values()) if (timer !== null) clock.clearTimeout(timer);
      entries.clear();
      await Promise.all(running);
    },
  };
}
