import { setTimeout as sleep } from 'node:timers/promises';

export interface OpenLoop {
  /** Arrivals a second, evenly spread. */
  readonly perSecond: number;
  readonly seconds: number;
  /**
   * One arrival, due at `dueAt` on the clock of `performance.now()`: measure from there, not from when it was called, so that what a slow answer
   * holds up counts as well (no coordinated omission). It must not block.
   */
  readonly run: (index: number, dueAt: number) => void;
}

/** Arrivals at a fixed pace, whatever becomes of them. Resolves after the last was started, with the most any of them was started late, ms. */
export async function openLoop({ perSecond, seconds, run }: OpenLoop): Promise<{ readonly mostLateMs: number }> {
  const count = Math.round(perSecond * seconds);
  const begun = performance.now();
  let mostLateMs = 0;
  for (let index = 0; index < count; ) {
    const now = performance.now();
    for (let dueAt = begun + (index * 1_000) / perSecond; index < count && dueAt <= now; ) {
      mostLateMs = Math.max(mostLateMs, now - dueAt);
      run(index, dueAt);
      index += 1;
      dueAt = begun + (index * 1_000) / perSecond;
    }
    await sleep(1);
  }
  return { mostLateMs };
}
