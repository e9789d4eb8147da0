import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@parley/service-kit';
import { forwardLog } from './forward-log.ts';
import { keepRunning } from './keep-running.ts';
import { unreadiness } from './readiness.ts';
import { runService, type ServiceKind, type ServiceProcess } from './service-process.ts';

/** One API or fan-out process of a cluster; its address stays the same from run to run. */
export interface ClusterNode {
  readonly kind: ServiceKind;
  readonly index: number;
  /** `api-0`, `fanout-1`. */
  readonly name: string;
  /** Its own address, without `/graphql`. */
  readonly url: string;
  /** The process that was started last. */
  readonly pid: number;
  readonly running: boolean;
  /** Sends a signal to the process; after SIGKILL resolves when it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and resolves when it is ready. Harmless while it runs. @throws NodeStartError */
  start(): Promise<void>;
  /** Takes it from the edge, tells it to end (SIGTERM) and waits until it is gone. Harmless when repeated. */
  stop(): Promise<void>;
}

/** A node ended, or was not ready in time; the message ends with its last lines. */
export class NodeStartError extends Error {
  override readonly name = 'NodeStartError';

  constructor(node: string, why: string, lastStderr: string) {
    super(`unable to start ${node}; ${why}\n${lastStderr}`.trimEnd());
  }
}

export interface NodeOptions {
  readonly kind: ServiceKind;
  readonly index: number;
  readonly port: number;
  /** Asked at every start. */
  environment(): Promise<Readonly<Record<string, string>>>;
  /** The file to run instead of that of the service; asked at every start. */
  readonly program?: () => string | undefined;
  readonly logger: Logger;
  /** Start it again when it ends by itself. */
  readonly restart: boolean;
  /** Resolves when nothing is on its way to the node any more. */
  readonly beforeStop: () => Promise<void>;
  readonly onReady: () => void;
  /** For the process to end after SIGTERM, in ms. */
  readonly stopPatienceMs: number;
}

const startTimeoutMs = 30_000;
const probeTimeoutMs = 2_000;

/** A node that is not started yet. */
export function createNode(options: NodeOptions): ClusterNode {
  const { kind, index, port, logger, restart, beforeStop, onReady, stopPatienceMs } = options;
  const name = `${kind}-${index}`;
  const url = `http://127.0.0.1:${port}`;
  let run: ServiceProcess | undefined;
  let starting: Promise<void> | undefined;
  let keeper: { stop(): void } | undefined;

  const begin = async () => {
    const environment = await options.environment();
    const begun = runService(kind, environment, {
      program: options.program?.(),
      onLine: (line) => forwardLog(logger, name, line),
    });
    run = begun;
    const deadline = performance.now() + startTimeoutMs;
    for (;;) {
      const why = await unreadiness(url, probeTimeoutMs);
      if (!begun.running) {
        const code = await begun.exited;
        throw new NodeStartError(name, `it ended with ${code ?? 'a signal'}`, begun.lastStderr());
      }
      if (why === undefined) return onReady();
      if (performance.now() > deadline) {
        await end(begun, 'SIGKILL', 0);
        throw new NodeStartError(name, `it was not ready in ${startTimeoutMs} ms: ${why}`, begun.lastStderr());
      }
      await delay(25);
    }
  };
  const beginOnce = () => {
    starting ??= begin().finally(() => {
      starting = undefined;
    });
    return starting;
  };

  return {
    kind,
    index,
    name,
    url,
    get pid() {
      return run?.pid ?? 0;
    },
    get running() {
      return run?.running ?? false;
    },
    async kill(signal) {
      run?.signal(signal);
      if (signal === 'SIGKILL') await run?.exited;
    },
    async start() {
      if (run?.running === true && starting === undefined) return;
      await beginOnce();
      if (restart && keeper === undefined) {
        keeper = keepRunning({
          name,
          logger,
          ended: async () => {
            const code = await run?.exited;
            return code === null ? 'a signal' : `code ${code}`;
          },
          start: beginOnce,
        });
      }
    },
    async stop() {
      keeper?.stop();
      keeper = undefined;
      await beforeStop();
      if (run !== undefined) await end(run, 'SIGTERM', stopPatienceMs);
      // A start under way may have come as far as its process only now.
      await starting?.catch(() => undefined);
      if (run?.running === true) await end(run, 'SIGTERM', stopPatienceMs);
    },
  };
}

async function end(run: ServiceProcess, signal: 'SIGTERM' | 'SIGKILL', patienceMs: number): Promise<void> {
  run.signal(signal);
  // A frozen process takes no other signal in until it goes on.
  run.signal('SIGCONT');
  const patience = setTimeout(() => run.signal('SIGKILL'), patienceMs);
  await run.exited;
  clearTimeout(patience);
}
