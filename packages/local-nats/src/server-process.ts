import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { guardAgainstOrphan } from '@parley/local-postgres';
import { NatsStartError } from './errors.ts';

const startTimeoutMs = 10_000;
const stopTimeoutMs = 5_000;

/** One run of the server program. */
export interface ServerProcess {
  readonly pid: number;
  /** How it ended, in words; stays pending while it runs. */
  readonly ended: Promise<string>;
  /** Ends it, for good after a while. Harmless when repeated. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Resolves when it has stopped, which a process of many threads does in its own time. */
  pause(): Promise<void>;
  resume(): void;
}

/** What is to be run. */
export interface ServerProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly env: Readonly<Record<string, string>> | undefined;
}

/** Starts the server and waits until it greets a connection. @throws NatsStartError */
export async function startServerProcess({ program, args, port, env }: ServerProgram): Promise<ServerProcess> {
  // In a session of its own: Ctrl-C in the terminal must not end the bus before those who stand on it.
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    env: { ...process.env, ...env },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4_000);
  });
  const failed = new Promise<string>((resolve) => child.once('error', (error) => resolve(error.message)));
  const { pid } = child;
  if (pid === undefined) throw new NatsStartError(port, await failed, stderr);
  // It keeps nothing that a kill could break.
  const guard = guardAgainstOrphan(pid, 'SIGKILL');
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      guard.release();
      resolve(signal ?? `code ${code}`);
    });
  });
  const deadline = Date.now() + startTimeoutMs;
  while (!(await greets(port))) {
    if (!hasEnded(child) && Date.now() <= deadline) {
      await delay(20);
      continue;
    }
    const why = hasEnded(child) ? `it ended with ${await ended}` : `it did not answer in ${startTimeoutMs} ms`;
    await endChild(child, 'SIGKILL');
    throw new NatsStartError(port, why, stderr);
  }
  return {
    pid,
    ended,
    end: (signal) => endChild(child, signal),
    pause() {
      child.kill('SIGSTOP');
      return untilStopped(pid);
    },
    resume: () => void child.kill('SIGCONT'),
  };
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

async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
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

async function untilStopped(pid: number): Promise<void> {
  const deadline = Date.now() + stopTimeoutMs;
  while (!threadStates(pid).every((state) => state.startsWith('T'))) {
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
