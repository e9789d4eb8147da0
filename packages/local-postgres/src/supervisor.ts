import { setTimeout as delay } from 'node:timers/promises';
import { PostgresStartError } from './errors.ts';
import type { LocalPostgresLogger } from './logger.ts';
import { createRestartBackoff, failureLimit, failureWindowMs } from './restart-backoff.ts';
import type { ServerProcess, StopSignal } from './server-process.ts';

export interface SupervisorOptions {
  readonly first: ServerProcess;
  /** Starts the server again; when it rejects, which it must soon after `signal`, it has left no process behind. */
  readonly start: (signal: AbortSignal) => Promise<ServerProcess>;
  readonly logger: LocalPostgresLogger;
  /** Waits so many ms, or until `signal`. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Keeps a server running: one that ends by itself is started again. */
export interface Supervisor {
  /** The newest process that came up. */
  readonly server: ServerProcess;
  /** @throws PostgresStartError when the server does not come up, or the supervisor has been stopped. */
  restart(signal: StopSignal): Promise<void>;
  /** Ends the server, and any attempt to start it again. Harmless when repeated. */
  stop(signal: StopSignal): Promise<void>;
}

/** Supervises `first` until `stop`, or until too many restarts have failed. */
export function supervise({ first, start, logger, wait = pause }: SupervisorOptions): Supervisor {
  let server = first;
  let stopped = false;
  let watch = new AbortController();
  let watching = keepUp(watch.signal);
  let lastTurn: Promise<void> = Promise.resolve();

  async function keepUp(signal: AbortSignal): Promise<void> {
    const nextDelay = createRestartBackoff(() => performance.now());
    let failure = await endOf(server, signal);
    while (failure !== undefined && !signal.aborted) {
      const delayMs = nextDelay();
      if (delayMs === undefined) {
        const often = `${failureLimit} times within ${failureWindowMs / 1_000} s`;
        logger.error(`unable to keep Postgres running; it failed ${often} and is not started again: ${failure}`);
        return;
      }
      logger.warn(`${failure.split('\n', 1)[0]}; starting Postgres again in ${delayMs} ms`);
      await wait(delayMs, signal);
      if (signal.aborted) return;
      failure = (await startAgain(signal)) ?? (await endOf(server, signal));
    }
  }

  async function startAgain(signal: AbortSignal): Promise<string | undefined> {
    try {
      server = await start(signal);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  const halt = async (signal: StopSignal) => {
    watch.abort();
    await watching;
    await server.stop(signal);
  };
  // A stop in the middle of a restart would otherwise end the old process while the new one is on its way.
  const inTurn = (step: () => Promise<void>) => {
    const turn = lastTurn.then(step);
    lastTurn = turn.catch(() => undefined);
    return turn;
  };

  return {
    get server() {
      return server;
    },
    restart: (signal) =>
      inTurn(async () => {
        await halt(signal);
        if (stopped) throw new PostgresStartError('it has been stopped');
        watch = new AbortController();
        server = await start(watch.signal);
        watching = keepUp(watch.signal);
      }),
    stop(signal) {
      stopped = true;
      watch.abort();
      return inTurn(() => halt(signal));
    },
  };
}

/** Why the server ended, with its last lines; undefined when `signal` came first. */
async function endOf(server: ServerProcess, signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const cleanup = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: cleanup.signal });
  });
  const how = await Promise.race([server.ended, aborted]);
  cleanup.abort();
  return how === undefined ? undefined : `Postgres ${server.pid} ended by itself with ${how}\n${server.lastStderr()}`;
}

const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined);
