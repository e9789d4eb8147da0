import { setTimeout as delay } from 'node:timers/promises';
import { createRestartBackoff } from '@parley/local-postgres';
import type { Logger } from '@parley/service-kit';

/** A process that is to be kept running. */
export interface Kept {
  readonly name: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Resolves when the process that runs now has ended, with how it did. */
  ended(): Promise<string>;
  /** Starts it again; when it rejects, no process is left behind. */
  start(): Promise<void>;
  /** Waits so many ms, or until `signal`. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** A process that never comes up is still tried at this pace: what it needs may be away for an hour. */
const slowestMs = 5_000;

/** Starts a process again whenever it ends by itself, at a slower pace the more often it does. `stop` first when it is to end. */
export function keepRunning({ name, logger, ended, start, wait = pause }: Kept): { stop(): void } {
  const stopped = new AbortController();
  const nextDelay = createRestartBackoff(() => performance.now());

  const keep = async () => {
    for (let how = await ended(); !stopped.signal.aborted; ) {
      const delayMs = nextDelay() ?? slowestMs;
      logger.warn({ node: name }, `${name} ended by itself with ${how}; starting it again in ${delayMs} ms`);
      await wait(delayMs, stopped.signal);
      if (stopped.signal.aborted) return;
      try {
        await start();
        how = await ended();
      } catch (error) {
        how = error instanceof Error ? error.message : String(error);
      }
    }
  };
  void keep();
  return { stop: () => stopped.abort() };
}

const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined);
