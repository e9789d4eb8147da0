import { ParleyError } from '@parley/contracts';
import type { Clock, TimerHandle } from './clock.ts';

/** Knows when this process was kept from running: stopped, or starved. */
export interface StallGuard {
  /** Call before a write begins or is passed on. @throws unavailable in the second after a stall */
  admit(): void;
  close(): void;
}

const lookEveryMs = 250;
/** Shorter than anybody waits for an answer. */
const stallMs = 3_000;
/** In which what lay in the sockets has been read. */
const refuseMs = 1_000;

/**
 * A node that was stopped finds requests in its sockets whose callers have long given up, and perhaps done the same, and then something else, by way of another node: an
 * old edit must not come after a new one. Timers run before sockets are read, so the stall is known by then.
 */
export function createStallGuard(clock: Clock): StallGuard {
  let lookedAt = clock.now();
  let until = 0;
  let timer: TimerHandle;
  const look = () => {
    const now = clock.now();
    if (now - lookedAt >= stallMs) until = now + refuseMs;
    lookedAt = now;
    timer = clock.setTimeout(look, lookEveryMs);
  };
  timer = clock.setTimeout(look, lookEveryMs);
  return {
    admit() {
      if (clock.now() < until)
        throw new ParleyError(
          'unavailable',
          'unable to go on; this node stood still for some seconds, and the request may be an old one: try again',
          { retryAfterMs: refuseMs },
        );
    },
    close: () => clock.clearTimeout(timer),
  };
}
