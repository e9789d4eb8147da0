import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { guardAgainstOrphan } from '@parley/local-postgres';

/** The two programs that a platform is made of. */
export type ServiceKind = 'api' | 'fanout';

/** One run of a service, with nothing in its environment but what it was given. */
export interface ServiceProcess {
  readonly pid: number;
  readonly running: boolean;
  /** The last lines that it wrote. */
  lastStderr(): string;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code; null after a signal that was not handled. */
  readonly exited: Promise<number | null>;
}

const keptLines = 40;
const { resolve: resolvePackage } = createRequire(import.meta.url);

export interface RunServiceOptions {
  /** Hears what the service logs. */
  readonly onLine?: (line: string) => void;
  /** The file to run. Default: that of the service. */
  readonly program?: string | undefined;
}

/** Starts a service as an operator would. It ends with this process, however that ends. */
export function runService(
  kind: ServiceKind,
  environment: Readonly<Record<string, string>>,
  { onLine, program: main = resolvePackage(`@parley/${kind}/main`) }: RunServiceOptions = {},
): ServiceProcess {
  // A program that is not built finds the other packages as source too.
  const conditions = main.endsWith('.ts') ? ['--conditions=@parley/source'] : [];
  const child = spawn(process.execPath, [...conditions, main], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A Ctrl-C in the terminal reaches the whole process group; the nodes end when they are told to, in order.
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`unable to run ${process.execPath}; the system started no process`);
  // Whoever loses the supervisor loses the database too: there is nothing left that a node could end in order.
  const guard = guardAgainstOrphan(pid, 'SIGKILL');
  child.once('exit', guard.release);
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    lines.splice(0, lines.length - keptLines);
    onLine?.(line);
  });
  const exited = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  return {
    pid,
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    lastStderr: () => lines.join('\n'),
    signal: (name) => void child.kill(name),
    exited,
  };
}
