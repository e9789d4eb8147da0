import type { ParleyError } from '@parley/contracts';
import type { Context } from '../context.ts';
import { backoffMs } from '../lib/backoff.ts';
import { createTimer } from '../lib/timer.ts';
import { asParleyError } from './graphql-error.ts';

/** Work that is tried until it succeeds or is refused for good. */
export interface Retrying {
  /** Does nothing while it is at it already. */
  run(): void;
  /** No further try after the one that is under way; returns whether there is one. */
  release(): boolean;
}

/**
 * Waits longer after each failure, no more once there is a connection again, and not at all while the client is disconnected on purpose. `failed`
 * hears of each failure; one that is not retryable was the last.
 */
export function createRetrying(
  { clock, random, connection }: Pick<Context, 'clock' | 'random' | 'connection'>,
  work: () => Promise<void>,
  failed: (error: ParleyError) => void,
): Retrying {
  const timer = createTimer(clock);
  let current: object | null = null;
  let waiting = false;
  let released = false;
  let failures = 0;
  let unlisten = (): void => {};

  const stop = (): void => {
    current = null;
    waiting = false;
    timer.clear();
    unlisten();
    unlisten = () => {};
  };
  const onState = (): void => {
    const { name } = connection.state.get();
    if (name === 'idle') timer.clear();
    if (name === 'connected' && waiting) attempt();
  };
  const wait = (error: ParleyError): void => {
    failures += 1;
    waiting = true;
    if (connection.state.get().name === 'idle') return;
    timer.set(attempt, Math.max(error.details.retryAfterMs ?? 0, backoffMs(failures, random()), 100));
  };
  const attempt = (): void => {
    timer.clear();
    waiting = false;
    const own = {};
    current = own;
    work().then(
      () => {
        if (current !== own) return;
        failures = 0;
        stop();
      },
      (cause: unknown) => {
        if (current !== own) return;
        const error = asParleyError(cause, 'get an answer');
        if (error.retryable && !released) wait(error);
        else stop();
        failed(error);
      },
    );
  };

  return {
    release() {
      if (waiting) stop();
      released = true;
      return current !== null;
    },
    run() {
      released = false;
      if (current !== null) return;
      unlisten = connection.state.subscribe(onState);
      attempt();
    },
  };
}
