import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const start = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));

/** The platform in a process of its own, started as `npm start` starts it. */
export interface ParleyRun {
  /** From the start of the process to the line that says that it is ready, in ms. */
  readonly readyMs: number;
  readonly graphqlUrl: string;
  readonly demoUrl: string;
  readonly tokens: { readonly ada: string; readonly bob: string };
  stop(): Promise<void>;
}

/** Starts the platform on a free port and waits until it is ready. */
export async function runParley(dataDir: string): Promise<ParleyRun> {
  const begun = performance.now();
  const child = spawn(process.execPath, [start, '--json', '--port', '0', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  while (!output.includes('\n')) {
    await Promise.race([once(child.stdout, 'data'), ended]);
    if (child.exitCode !== null) throw new Error(`unable to measure; the platform ended with ${child.exitCode}`);
  }
  const readyMs = performance.now() - begun;
  // Parsing edge: what `--json` prints is tested in e2e.
  const line = JSON.parse(output) as Omit<ParleyRun, 'readyMs' | 'stop'>;
  return {
    ...line,
    readyMs,
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** A folder for a benchmark's data, which the database may enter. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  await chmod(folder, 0o755);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
