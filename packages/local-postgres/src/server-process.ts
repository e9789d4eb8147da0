import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterPlace } from './cluster.ts';
import { PostgresStartError } from './errors.ts';
import { readPostmasterFile } from './orphan.ts';
import { guardAgainstOrphan } from './orphan-guard.ts';
import { signalIfAlive } from './process-table.ts';

export interface ServerProcessOptions extends ClusterPlace {
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly startTimeoutMs: number;
  /** Gives the start up; the server is gone when the start has rejected. */
  readonly signal?: AbortSignal;
}

/** SIGINT asks for a fast shutdown, SIGQUIT for an immediate one. */
export type StopSignal = 'SIGINT' | 'SIGQUIT';

/** One run of the server program. */
export interface ServerProcess {
  readonly pid: number;
  /** How it ended, in words; stays pending while it runs. */
  readonly ended: Promise<string>;
  lastStderr(): string;
  /** A server that does not obey is killed. */
  stop(signal: StopSignal): Promise<void>;
}

/** Starts the server and waits until it accepts connections. @throws PostgresStartError */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { home, identity, port } = options;
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    lc_messages: 'C',
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(options.binaries.postgres, ['-D', home, '-p', String(port), ...flags], {
    cwd: '/',
    ...identity,
    // A Ctrl-C in the terminal reaches the whole process group; the database must outlive the drain of its clients.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lines.push(...text.split('\n').filter((line) => line !== ''));
    lines.splice(0, lines.length - 40);
  });
  const lastStderr = () => lines.join('\n');
  const failure = new Promise<Error>((resolve) => child.once('error', resolve));
  const { pid } = child;
  if (pid === undefined) throw new PostgresStartError('the server program did not run', '', await failure);
  const guard = guardAgainstOrphan(pid, 'SIGINT');
  const letGo = () => signalIfAlive(pid, 'SIGINT');
  process.once('exit', letGo);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      process.off('exit', letGo);
      guard.release();
      resolve(signal ?? `code ${code}`);
    });
  });
  const stop = (signal: StopSignal) => stopChild(child, signal);
  try {
    await untilReady(child, options, lastStderr);
  } catch (error) {
    await stop('SIGQUIT');
    throw error;
  }
  return { pid, ended, lastStderr, stop };
}

async function untilReady(child: ChildProcess, options: ServerProcessOptions, lastStderr: () => string): Promise<void> {
  const deadline = Date.now() + options.startTimeoutMs;
  for (;;) {
    if (hasEnded(child)) {
      // The pipe may still hold the reason.
      if (child.stderr?.readableEnded === false) await Promise.race([once(child.stderr, 'end'), delay(500)]);
      throw new PostgresStartError(
        `the server ended with ${child.signalCode ?? `code ${child.exitCode}`}`,
        lastStderr(),
      );
    }
    // pg_ctl waits for the same line: the server writes it when it accepts connections, whatever its language and log.
    const file = await readPostmasterFile(options.home);
    if (file?.pid === child.pid && file?.status === 'ready') return;
    if (options.signal?.aborted) throw new PostgresStartError('it was stopped before it came up', lastStderr());
    if (Date.now() > deadline) {
      throw new PostgresStartError(`the server did not come up in ${options.startTimeoutMs} ms`, lastStderr());
    }
    await delay(10);
  }
}

async function stopChild(child: ChildProcess, signal: StopSignal): Promise<void> {
  for (const [next, patienceMs] of [
    [signal, 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill(next);
    const patience = new AbortController();
    await Promise.race([ended, delay(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
