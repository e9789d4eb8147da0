import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A part of a measurement in a process of its own. */
export interface Child {
  readonly pid: number;
  /** Sends a message and resolves with the next one that comes back. @throws Error when the process ends first, or says nothing for two minutes */
  ask<Answer>(message: unknown): Promise<Answer>;
  /** Ends it. Harmless when repeated. */
  stop(): Promise<void>;
}

interface ChildOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The one core it may run on, so that server and generator do not take each other's time. Linux only. */
  readonly core?: number;
}

const answerMs = 120_000;

/**
 * Starts a script of the repository in a Node process that speaks over IPC: it says one message when it is ready, then answers each that it gets
 * with one. It must end when the channel closes, see {@link answerParent}.
 */
export async function startChild(script: URL, options: ChildOptions = {}): Promise<Child> {
  const { args = [], env = {}, core } = options;
  const node = [process.execPath, '--conditions=@parley/source', fileURLToPath(script), ...args];
  const [command = '', ...words] = core === undefined ? node : ['taskset', '-c', String(core), ...node];
  const child = spawn(command, words, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  await nextMessage(child, ended);
  const { pid } = child;
  if (pid === undefined) throw new Error(`unable to measure; ${script} did not start`);
  return {
    pid,
    async ask<Answer>(message: unknown): Promise<Answer> {
      const answer = nextMessage(child, ended);
      child.send(message as object);
      // Both ends of the channel are ours.
      return (await answer) as Answer;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The child's side: says that it is ready, then answers each message with what `answer` gives; ends the process when the parent is gone. */
export function answerParent<Message>(answer: (message: Message) => unknown): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (message) => {
    // Both ends of the channel are ours.
    void Promise.resolve(answer(message as Message)).then((value) => process.send?.(value ?? null));
  });
  process.send?.('ready');
}

/** What an event of the process brings, as far as it is known. */
type Happening = readonly unknown[];

async function nextMessage(child: ChildProcess, ended: Promise<Happening>): Promise<unknown> {
  const message: Promise<Happening> = once(child, 'message', { signal: AbortSignal.timeout(answerMs) });
  const [value] = await Promise.race([
    message,
    ended.then(([code]): Happening => {
      message.catch(() => undefined);
      throw new Error(`unable to measure; a process of the measurement ended with ${String(code)}`);
    }),
  ]);
  return value;
}
