import type { Clock } from '../lib/clock.ts';
import { createTimer } from '../lib/timer.ts';

export interface Heartbeat {
  /** The peer gave a sign of life. */
  heard(): void;
  /** Asks now instead of at the next beat. */
  check(deadlineMs: number): void;
  stop(): void;
}

const everyMs = 25_000;
const answerMs = 10_000;

/** Asks every 25 s and calls `dead` when nothing at all comes back within 10 s. */
export function createHeartbeat(clock: Clock, ping: () => void, dead: () => void): Heartbeat {
  const beat = createTimer(clock);
  const deadline = createTimer(clock);
  const check = (deadlineMs: number): void => {
    deadline.set(dead, deadlineMs);
    ping();
  };
  const next = (): void =>
    beat.set(() => {
      check(answerMs);
      next();
    }, everyMs);
  next();
  return {
    heard: () => deadline.clear(),
    check,
    stop() {
      beat.clear();
      deadline.clear();
    },
  };
}
