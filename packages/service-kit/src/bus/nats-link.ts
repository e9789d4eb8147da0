import { setTimeout as delay } from 'node:timers/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { deferred } from '../deferred.ts';
import type { Logger } from '../logger.ts';
import { parseNatsServers } from './nats-servers.ts';

/** Options of {@link openNatsLink}. */
export interface NatsLinkOptions {
  /** `nats://user:password@host:4222` URLs, separated by commas; without credentials where the server asks for none. */
  readonly servers: string;
  /** Shown in the server's list of connections. */
  readonly name: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Makes a fresh connection carry what the last one did; the link counts as connected when this has resolved. */
  readonly attach: (connection: NatsConnection) => Promise<void>;
  readonly onStatus: (connected: boolean) => void;
}

/** A connection that is made again for ever. */
export interface NatsLink {
  /** Undefined while there is none. */
  readonly connection: NatsConnection | undefined;
  /** Resolves when the first attempt has ended, whichever way. */
  readonly tried: Promise<void>;
  close(): Promise<void>;
}

const dialTimeoutMs = 2_000;
const firstDelayMs = 100;
const longestDelayMs = 2_000;
// A server that neither answers nor hangs up is given up after three of these.
const pingIntervalMs = 3_000;

/**
 * Connects, and connects again whenever the connection ends. The client library's own reconnection is off: it gives up for ever after two
 * authorization failures and keeps what is published meanwhile, so one loop here does both the first connection and the later ones.
 */
export function openNatsLink({ servers, name, logger, attach, onStatus }: NatsLinkOptions): NatsLink {
  const stop = new AbortController();
  const tried = deferred();
  const { servers: addresses, ...credentials } = parseNatsServers(servers);
  let open: NatsConnection | undefined;
  let current: NatsConnection | undefined;

  const dial = async (): Promise<NatsConnection | undefined> => {
    try {
      return await connect({
        servers: [...addresses],
        ...credentials,
        name,
        reconnect: false,
        timeout: dialTimeoutMs,
        pingInterval: pingIntervalMs,
        maxPingOut: 2,
        noAsyncTraces: true,
      });
    } catch (error) {
      logger.warn({ err: reason(error) }, 'unable to connect to the bus; trying again');
      return undefined;
    }
  };

  const serve = async (connection: NatsConnection) => {
    open = connection;
    const lost = connection.closed();
    try {
      // What waits for the server in `attach` would wait for ever on a connection that has ended.
      await Promise.race([attach(connection), lost.then(() => Promise.reject(new Error('the connection ended')))]);
      current = connection;
      logger.info({ server: connection.getServer() }, 'connected to the bus');
      onStatus(true);
      tried.resolve();
      const fault = await lost;
      current = undefined;
      if (!stop.signal.aborted) logger.warn({ err: reason(fault) }, 'lost the connection to the bus');
      onStatus(false);
    } catch (error) {
      logger.warn({ err: reason(error) }, 'lost the connection to the bus while it was being set up');
    } finally {
      open = undefined;
      await connection.close();
    }
  };

  const run = async () => {
    let failures = 0;
    while (!stop.signal.aborted) {
      const connection = await dial();
      if (stop.signal.aborted) await connection?.close();
      else if (connection !== undefined) {
        failures = 0;
        await serve(connection);
      }
      tried.resolve();
      failures += 1;
      await delay(backoffMs(failures), undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const ran = run();

  return {
    get connection() {
      return current;
    },
    tried: tried.promise,
    async close() {
      stop.abort();
      await open?.close();
      await ran;
    },
  };
}

function backoffMs(failures: number): number {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures, 10));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : 'the server ended it');
