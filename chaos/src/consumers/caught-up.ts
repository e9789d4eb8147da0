import { setTimeout as delay } from 'node:timers/promises';

const withinMs = 120_000;
const lookEveryMs = 20;

/** Waits for it, up to two minutes. What is missing then is for the verdict to say. */
export async function caughtUp(done: () => boolean): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!done() && performance.now() < deadline) await delay(lookEveryMs);
}
