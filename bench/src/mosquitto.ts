import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '@parley/local-nats';
import { freePort } from '@parley/local-postgres';
import { serverCore } from './fanout-contest.ts';

/** Where Debian's broker is, when it is installed. */
export const findMosquitto = (): string | undefined => findProgram('mosquitto');

export interface Broker {
  readonly pid: number;
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts a broker on a free port, on the core of the servers. @throws Error when it does not listen within 5 s */
export async function startMosquitto(path: string): Promise<Broker> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-mosquitto-'));
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  await writeFile(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nlog_type error\nuser root\n`,
  );
  const broker = spawn('taskset', ['-c', String(serverCore), path, '-c', config], { stdio: 'ignore' });
  const ended = once(broker, 'exit');
  const { pid } = broker;
  if (pid === undefined) throw new Error('unable to measure; mosquitto did not start');
  const stop = async () => {
    if (broker.exitCode === null && broker.signalCode === null) broker.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (let left = 100; !(await listens(port)); left -= 1) {
    if (left === 0 || broker.exitCode !== null) {
      await stop();
      throw new Error('unable to measure; mosquitto does not listen');
    }
    await sleep(50);
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
