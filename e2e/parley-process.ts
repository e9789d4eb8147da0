import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../apps/parley/src/main.ts', import.meta.url));

/** What `parley dev --json` prints; a command that says more has a type for it. */
export interface ReadyLine {
  readonly ready: true;
  readonly url: string;
  readonly graphqlUrl: string;
  readonly subscriptionsUrl: string;
  readonly demoUrl: string;
  readonly appId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly tokens: { readonly ada: string; readonly bob: string };
}

/** `parley` in a process of its own. */
export interface ParleyProcess<Line = ReadyLine> {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** The line that says that it is ready. */
  ready(): Promise<Line>;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code; null after a signal that was not handled. */
  readonly exited: Promise<number | null>;
}

/** Runs `parley <args>`; the caller ends it. */
export function runParley<Line = ReadyLine>(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ParleyProcess<Line> {
  const child = spawn(process.execPath, ['--conditions=@parley/source', main, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const exited = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  const process_ = { pid: child.pid ?? 0, stdout: () => output.stdout, stderr: () => output.stderr, exited };
  return { ...process_, ready: () => firstLine<Line>(child, process_), signal: (name) => void child.kill(name) };
}

async function firstLine<Line>(
  child: ChildProcess,
  { stdout, stderr, exited }: Omit<ParleyProcess, 'ready' | 'signal'>,
) {
  const gone = exited.then((code) => {
    throw new Error(`parley ended with ${code} before it was ready\n${stderr()}`);
  });
  while (!stdout().includes('\n')) await Promise.race([once(child.stdout ?? child, 'data'), gone]);
  gone.catch(() => undefined);
  // Parsing edge: the tests look at every field.
  return JSON.parse(stdout().split('\n', 1)[0] ?? '') as Line;
}

/** Processes that work on a folder, by their command line or their current directory; Linux alone has the table. */
export async function processesOn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [command, place] = await Promise.all([
        readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
      ]);
      const line = command.replaceAll('\0', ' ').trim();
      return line.includes(folder) || place.startsWith(folder) ? `${pid} ${line}` : undefined;
    }),
  );
  return found.filter((line) => line !== undefined);
}
