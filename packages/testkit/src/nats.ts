import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@parley/local-postgres';
import { findTool } from './tools.ts';

/** What {@link startNats} may be told. */
export interface StartNatsOptions {
  /** TCP port on 127.0.0.1; a free one when absent. */
  readonly port?: number;
  /** Further arguments of the server, such as `['--cluster', 'nats://127.0.0.1:6222']`. */
  readonly args?: readonly string[];
}

/** A nats-server of a test's own. */
export interface NatsServer {
  readonly url: string;
  readonly port: number;
  /** Ends the server in order. Harmless when repeated. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Freezes it: connections stay open and nothing answers. Resolves when it has stopped, which a process of many threads does in its own time. */
  pause(): Promise<void>;
  resume(): void;
  /** Ends it and starts it again on the same port. */
  restart(): Promise<void>;
}

const startTimeoutMs = 10_000;
const stopTimeoutMs = 5_000;

/** Starts `nats-server` and waits until it greets a connection. */
export async function startNats(options: StartNatsOptions = {}): Promise<NatsServer> {
  const program = findTool('nats-server');
  if (program === undefined)
    throw new Error('unable to start NATS; nats-server is missing: apt-get install nats-server');
  const port = options.port ?? (await freePort());
  const args = ['--addr', '127.0.0.1', '--port', String(port), ...(options.args ?? [])];
  let server = await startServer(program, args, port);
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    stop: () => end(server, 'SIGTERM'),
    kill: () => end(server, 'SIGKILL'),
    async pause() {
      server.kill('SIGSTOP');
      await untilStopped(server);
    },
    resume: () => void server.kill('SIGCONT'),
    async restart() {
      await end(server, 'SIGTERM');
      server = await startServer(program, args, port);
    },
  };
}

async function startServer(program: string, args: string[], port: number): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4_000);
  });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const deadline = Date.now() + startTimeoutMs;
  while (!(await greets(port))) {
    if (hasEnded(child) || Date.now() > deadline) {
      await end(child, 'SIGKILL');
      throw new Error(`unable to start NATS on port ${port}\n${stderr}`);
    }
    await delay(20);
  }
  return child;
}

/** The first thing a NATS server sends is an INFO line. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 });
    const answer = (greeted: boolean) => {
      socket.destroy();
      resolve(greeted);
    };
    socket.once('data', (bytes) => answer(bytes.toString('latin1').startsWith('INFO')));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
    socket.once('timeout', () => answer(false));
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  // A frozen process takes no other signal in until it goes on.
  child.kill('SIGCONT');
  child.kill(signal);
  const patience = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(patience);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function untilStopped({ pid }: ChildProcess): Promise<void> {
  const deadline = Date.now() + stopTimeoutMs;
  while (!threadStates(Number(pid)).every((state) => state.startsWith('T'))) {
    if (Date.now() > deadline) throw new Error(`unable to pause nats-server; process ${pid} goes on`);
    await delay(5);
  }
}

/** One letter a thread on Linux, one for the process elsewhere; T is stopped. */
function threadStates(pid: number): string[] {
  if (process.platform !== 'linux')
    return [execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).trim()];
  // The state follows the program's name, which stands in parentheses. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  return readdirSync(`/proc/${pid}/task`).map(
    (thread) => /\) (\w)/.exec(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'))?.[1] ?? '',
  );
}
