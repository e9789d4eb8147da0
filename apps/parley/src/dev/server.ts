import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createHttpServer, type HttpServerOptions, type Logger, silentLogger } from '@parley/service-kit';
import { UsageError } from '../usage-error.ts';
import { answerText } from './answer.ts';
import { isForLoopback } from './loopback.ts';
import { framingFault } from './request-framing.ts';

/** What stands behind the one port. */
export interface DevRoutes {
  /** POST /graphql. */
  readonly graphql: RequestListener;
  /** POST /graphql that asks for an event stream. */
  readonly eventStream: RequestListener;
  /** The upgrade of /graphql to a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** GET /healthz, /readyz, /metrics; says whether it answered. */
  health(request: IncomingMessage, response: ServerResponse): boolean;
  /** GET /doctor, answered by a fan-out node. */
  readonly doctor: RequestListener;
  token(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
  files(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean>;
}

/** One HTTP server on 127.0.0.1 for the whole platform. */
export interface DevServer {
  readonly port: number;
  /** Everything before this is answered with 503. */
  open(routes: DevRoutes): void;
  /** From here on everything is answered with 503 again; what is under way goes on. */
  refuse(): void;
  /** Takes no new connection and ends idle ones; resolves when the last is gone. */
  close(): Promise<void>;
}

const host = '127.0.0.1';

/** Options of a server besides its port. */
export interface ListenOptions {
  readonly logger?: Pick<Logger, 'error'>;
  /** Shorter times for tests. */
  readonly limits?: HttpServerOptions['limits'];
}

/** Takes the port for a command, so that a taken one is known before anything else is started. @throws UsageError */
export async function listenOn(
  port: number,
  command: string,
  { logger = silentLogger(), limits = {} }: ListenOptions = {},
): Promise<DevServer> {
  let routes: DevRoutes | undefined;
  const server = createHttpServer({
    limits,
    logger,
    handle: (request, response) => {
      const fault = framingFault(request);
      if (fault === undefined) return dispatch(command, routes, request, response);
      // Where the request ends is what cannot be trusted, so nothing is read after it.
      response.setHeader('Connection', 'close');
      return answerText(response, fault.status, `unable to answer; ${fault.why}`);
    },
    upgrade: (request, socket, head) => {
      if (framingFault(request) !== undefined) return refuseUpgrade(socket, '400 Bad Request');
      const url = urlOf(request);
      if (url?.pathname !== '/graphql' || !isForLoopback(request)) return refuseUpgrade(socket, '404 Not Found');
      if (routes === undefined) return refuseUpgrade(socket, '503 Service Unavailable');
      routes.upgrade(request, socket, head);
    },
  });
  await listen(server, port);
  return {
    port: portOf(server),
    open(opened) {
      routes = opened;
    },
    refuse() {
      routes = undefined;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function dispatch(
  command: string,
  routes: DevRoutes | undefined,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const url = urlOf(request);
  if (url === undefined) return answerText(response, 400, 'unable to answer; the address cannot be read');
  if (!isForLoopback(request)) {
    return answerText(response, 403, `unable to answer; ${command} serves this machine alone: use http://${host}`);
  }
  if (routes === undefined) {
    response.setHeader('Retry-After', '1');
    return answerText(response, 503, `unable to answer; ${command} is starting or stopping`);
  }
  if (routes.health(request, response)) return;
  if (url.pathname === '/graphql') return graphql(routes, request, response);
  if (url.pathname === '/doctor') return void routes.doctor(request, response);
  if (url.pathname === '/dev/token') return routes.token(request, response, url);
  if (await routes.files(request, response, url.pathname)) return;
  // A client with a wrong address asks by POST, in a browser after a preflight: the API answers both so that it reads why.
  if (request.method !== 'GET' && request.method !== 'HEAD') return routes.graphql(request, response);
  response.setHeader('Access-Control-Allow-Origin', '*');
  answerText(response, 404, notFound(url.pathname));
}

function notFound(pathname: string): string {
  if (pathname === '/') return 'unable to show the demo; its page is not built: start with npm start, which builds it';
  return `unable to find ${pathname}; the demo is at /, the API at /graphql`;
}

function graphql(routes: DevRoutes, request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'POST' && prefersEventStream(request)) routes.eventStream(request, response);
  else routes.graphql(request, response);
}

/** Some clients list the event stream last for every operation, as one of the answers that they could read. */
function prefersEventStream({ headers }: IncomingMessage): boolean {
  return headers.accept?.trimStart().toLowerCase().startsWith('text/event-stream') === true;
}

function urlOf(request: IncomingMessage): URL | undefined {
  const text = `http://${host}${request.url ?? '/'}`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

function refuseUpgrade(socket: Duplex, status: string): void {
  // A client that resets the connection must not end the process.
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new UsageError(
        `unable to listen on port ${port}; another program has it: stop that one, or choose another with --port ${port + 1}`,
        { cause: error },
      );
    }
    if (code === 'EACCES') {
      throw new UsageError(
        `unable to listen on port ${port}; this user may not: choose one above 1023, such as --port 4000`,
        { cause: error },
      );
    }
    throw error;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('unable to listen; the server has no port');
  return address.port;
}
