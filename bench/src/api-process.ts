import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@parley/local-postgres';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** An API node in a process of its own, started from its environment alone. */
export interface ApiProcess {
  readonly pid: number;
  readonly port: number;
  /** Ends it in order. Harmless when repeated. */
  stop(): Promise<void>;
}

interface ApiProcessOptions {
  readonly databaseUrl: string;
  readonly natsUrl?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Further arguments of Node, such as `--cpu-prof`. */
  readonly nodeArgs?: readonly string[];
  /** A checkout of the repository, installed; this one when absent. */
  readonly checkout?: string;
}

const readyMs = 30_000;

/** Starts a node and waits until it is ready. @throws Error when it is not within 30 s */
export async function startApiProcess(options: ApiProcessOptions): Promise<ApiProcess> {
  const { databaseUrl, natsUrl, env = {}, nodeArgs = [], checkout = repository } = options;
  const main = join(checkout, 'services/api/src/main.ts');
  const port = await freePort();
  const child = spawn(process.execPath, ['--conditions=@parley/source', ...nodeArgs, main], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      SECRETS_KEY: randomBytes(32).toString('base64'),
      ...(natsUrl === undefined ? {} : { NATS_URL: natsUrl }),
      PORT: String(port),
      LOG_LEVEL: 'error',
      ...env,
    },
    stdio: ['ignore', 2, 2],
  });
  // A measurement that fails must not leave a node behind.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit').then(() => process.off('exit', kill));
  const deadline = performance.now() + readyMs;
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error('unable to measure; the API did not become ready');
    await sleep(50);
  }
  return {
    pid: child.pid ?? 0,
    port,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}
