import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '../logger.ts';

/** How long a peer may take, and how much it may say before it is listened to. Sockets and streams are bounded by none of these once they run. */
export const httpLimits = {
  /** For the headers of a request, in ms; also for the first byte on a new connection. */
  headersTimeout: 10_000,
  /** For a whole request, its body included, in ms. */
  requestTimeout: 30_000,
  /** How often the two above are looked at, in ms: a connection outlives them by so much at most. */
  connectionsCheckingInterval: 2_000,
  /** How long a connection is kept that asks for nothing more, in ms. */
  keepAliveTimeout: 5_000,
  /** Bytes of the request line and all headers together. */
  maxHeaderSize: 16 * 1024,
} as const satisfies ServerOptions;

/** Options of an HTTP server. */
export interface HttpServerOptions {
  /** One that throws or rejects costs its caller an answer, and nobody else anything. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => unknown;
  /** Takes upgrades to WebSocket; any other, and all of them when absent, is ignored as RFC 9110 section 7.8 wants: the request is answered. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => unknown;
  readonly logger: Pick<Logger, 'error'>;
  /** Shorter times for tests. */
  readonly limits?: { readonly [Name in keyof typeof httpLimits]?: number };
}

/** The one way to listen for HTTP: with every limit on what a peer may hold open, and a guard around every listener. It does not listen yet. */
export function createHttpServer({ handle, upgrade, logger, limits = {} }: HttpServerOptions): Server {
  const options = {
    ...httpLimits,
    ...limits,
    shouldUpgradeCallback: (request: IncomingMessage) => upgrade !== undefined && isWebSocketUpgrade(request),
  };
  const server = createServer(options, (request, response) =>
    guard(
      () => handle(request, response),
      (error) => {
        logger.error({ err: error, method: request.method }, 'an unexpected fault in an HTTP handler');
        if (response.headersSent) response.destroy();
        else response.writeHead(500, { 'content-length': 0, connection: 'close' }).end();
      },
    ),
  );
  if (upgrade !== undefined)
    server.on('upgrade', (request, socket, head) =>
      guard(
        () => upgrade(request, socket, head),
        (error) => {
          logger.error({ err: error }, 'an unexpected fault in an upgrade');
          socket.destroy();
        },
      ),
    );
  return server;
}

/** Whether a request asks to become a WebSocket, and nothing else (RFC 6455 section 4.2.1). */
export const isWebSocketUpgrade = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade?.trim().toLowerCase() === 'websocket';

/** Nothing that a peer sends may end the process, and what is thrown out of a listener would. */
function guard(work: () => unknown, failed: (error: unknown) => void): void {
  // A promise takes in what is thrown as well as what is rejected; the work itself still begins at once.
  new Promise((resolve) => resolve(work())).catch(failed).catch(() => undefined);
}
