import { freePort } from '@parley/local-postgres';
import { NatsMissingError } from './errors.ts';
import { findProgram } from './find-program.ts';
import { startServerProcess } from './server-process.ts';

/** Options of {@link startNats}. */
export interface StartNatsOptions {
  /** TCP port on 127.0.0.1; a free one when absent. */
  readonly port?: number;
  /** Further arguments of the server, such as `['--cluster', 'nats://127.0.0.1:6222']`. */
  readonly args?: readonly string[];
  /** The server program; absent: the one of this machine. */
  readonly program?: string | undefined;
  /** Variables of its environment beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A nats-server that belongs to this process and ends with it, however that ends. */
export interface NatsServer {
  readonly url: string;
  readonly port: number;
  /** The server process that came up last. */
  readonly pid: number;
  /** How that process ended, in words; stays pending while it runs. */
  readonly ended: Promise<string>;
  /** Ends the server in order. Harmless when repeated. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Freezes it: connections stay open and nothing answers. Resolves when it has stopped. */
  pause(): Promise<void>;
  resume(): void;
  /** Starts it again on the same port; one that runs is ended first. @throws NatsStartError */
  restart(): Promise<void>;
}

/** The nats-server of this machine. */
export const findNatsServer = (): string | undefined => findProgram('nats-server');

/**
 * Starts `nats-server` and waits until it greets a connection.
 * @throws NatsMissingError, NatsStartError
 */
export async function startNats(options: StartNatsOptions = {}): Promise<NatsServer> {
  const program = options.program ?? findNatsServer();
  if (program === undefined) throw new NatsMissingError();
  const port = options.port ?? (await freePort());
  const args = ['--addr', '127.0.0.1', '--port', String(port), ...(options.args ?? [])];
  const start = () => startServerProcess({ program, args, port, env: options.env });
  let server = await start();
  let restarted: Promise<unknown> = Promise.resolve();
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    get pid() {
      return server.pid;
    },
    get ended() {
      return server.ended;
    },
    async stop() {
      // One that is on its way up would otherwise outlive this.
      await restarted;
      await server.end('SIGTERM');
    },
    kill: () => server.end('SIGKILL'),
    pause: () => server.pause(),
    resume: () => server.resume(),
    restart() {
      const turn = restarted.then(async () => {
        await server.end('SIGTERM');
        server = await start();
      });
      restarted = turn.catch(() => undefined);
      return turn;
    },
  };
}
