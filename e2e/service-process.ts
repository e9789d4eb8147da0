import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A service in a process of its own, with nothing in its environment but what it is given. */
export interface ServiceProcess {
  readonly stderr: () => string;
  /** Resolves with the address that it says it listens on. */
  listening(): Promise<string>;
  stop(): void;
  readonly exited: Promise<number | null>;
}

/** Starts `services/<name>` as an operator would. */
export function runService(name: 'api' | 'fanout', environment: Readonly<Record<string, string>>): ServiceProcess {
  const main = fileURLToPath(new URL(`../services/${name}/src/main.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@parley/source', main], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  return {
    stderr: () => stderr,
    async listening() {
      const gone = exited.then((code) => {
        throw new Error(`${name} ended with ${code} before it listened\n${stderr}`);
      });
      gone.catch(() => undefined);
      for (;;) {
        const port = /"port":(\d+)/.exec(stderr)?.[1];
        if (port !== undefined) return `http://127.0.0.1:${port}`;
        await Promise.race([once(child.stderr, 'data'), gone]);
      }
    },
    stop: () => void child.kill('SIGTERM'),
    exited,
  };
}
