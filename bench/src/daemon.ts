import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@parley/local-postgres';
import { serverCore } from './fanout-contest.ts';

/** A server that somebody else wrote, running. */
export interface Daemon {
  readonly pid: number;
  readonly address: string;
  /** Ends it as a crash would, and removes its folder. */
  stop(): Promise<void>;
}

export interface DaemonOptions {
  readonly name: string;
  /** Of the file with its configuration: some go by the ending. */
  readonly configName: string;
  /** Its arguments, given a free port and the folder that is its own. */
  readonly configure: (port: number, folder: string) => string;
  readonly command: (config: string, folder: string) => readonly string[];
  readonly env?: (config: string, folder: string) => Readonly<Record<string, string>>;
}

const lookMs = 50;
/** Erlang and what ejabberd keeps in its tables take some seconds on one core. */
const startMs = 20_000;

/** Starts it on the core of the servers, with nothing from before. @throws Error when it does not listen within 20 s */
export async function startDaemon({
  name,
  configName,
  configure,
  command,
  env = () => ({}),
}: DaemonOptions): Promise<Daemon> {
  const folder = await mkdtemp(join(tmpdir(), `parley-${name}-`));
  const port = await freePort();
  const config = join(folder, configName);
  await writeFile(config, configure(port, folder));
  const daemon = spawn('taskset', ['-c', String(serverCore), ...command(config, folder)], {
    env: { ...process.env, ...env(config, folder) },
    stdio: 'ignore',
  });
  // Also when the measurement fails.
  process.once('exit', () => daemon.kill('SIGKILL'));
  const ended = once(daemon, 'exit');
  const { pid } = daemon;
  if (pid === undefined) throw new Error(`unable to measure; ${name} did not start`);
  const stop = async () => {
    if (daemon.exitCode === null && daemon.signalCode === null) daemon.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (let left = startMs / lookMs; !(await listens(port)); left -= 1) {
    if (left === 0 || daemon.exitCode !== null) {
      await stop();
      throw new Error(`unable to measure; ${name} does not listen`);
    }
    await sleep(lookMs);
  }
  return { pid, address: `tcp://127.0.0.1:${port}`, stop };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
