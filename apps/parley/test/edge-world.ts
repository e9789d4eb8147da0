import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { freePort } from '@parley/local-postgres';
import { silentLogger } from '@parley/service-kit';
import { type Backends, createBackends } from '../src/cluster/edge/backends.ts';
import { type EdgeOptions, openEdge } from '../src/cluster/edge/edge.ts';
import { type DevServer, listenOn } from '../src/dev/server.ts';

export interface FakeNode {
  readonly name: string;
  readonly url: string;
  readonly server: Server;
  /** Requests that came, as method, path and body. */
  readonly asked: string[];
}

type Place = Pick<FakeNode, 'name' | 'url'>;

export interface EdgeWorld {
  /** Starts a node behind the edge; without a listener it answers with its name. */
  node(name: string, listener?: RequestListener): Promise<FakeNode>;
  /** Opens an edge in front of these nodes. */
  edge(
    api: readonly Place[],
    fanout: readonly Place[],
    bounds?: Pick<EdgeOptions, 'mostRequests' | 'mostSockets'>,
  ): Promise<DevServer & { readonly url: string }>;
  /** Has `stop` called before the world ends. */
  onClose(stop: () => unknown): void;
  close(): Promise<void>;
}

/** Edges and the nodes behind them, for one test. */
export function createEdgeWorld(): EdgeWorld {
  const stops: (() => unknown)[] = [];
  return {
    async node(name, listener) {
      const asked: string[] = [];
      const server = createServer((incoming, response) => {
        void (async () => {
          let body = '';
          for await (const chunk of incoming) body += String(chunk);
          asked.push(`${incoming.method} ${incoming.url} ${body}`);
          if (listener === undefined) response.setHeader('X-Node', name).end(`answer of ${name}`);
          else listener(incoming, response);
        })().catch(() => response.destroy());
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      stops.push(() => {
        server.close();
        server.closeAllConnections();
      });
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      return { name, url: `http://127.0.0.1:${port}`, server, asked };
    },
    async edge(api, fanout, bounds = {}) {
      const server = await listenOn(0, 'parley cluster');
      const [apis, fanouts] = [backendsOf(api), backendsOf(fanout)];
      const app = { appId: 'app', apiKey: 'key', apiSecret: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA' };
      const opened = openEdge({ server, api: apis, fanout: fanouts, app, ...bounds });
      stops.push(async () => {
        opened.close();
        for (const backends of [apis, fanouts]) backends.close();
        await server.close();
      });
      return { ...server, url: `http://127.0.0.1:${server.port}` };
    },
    onClose: (stop) => void stops.push(stop),
    async close() {
      for (const stop of stops.splice(0).reverse()) await stop();
    },
  };
}

function backendsOf(nodes: readonly Place[]): Backends {
  // Nobody looks at the nodes, so that only what a request meets counts.
  const backends = createBackends({ nodes, logger: silentLogger(), probe: () => new Promise(() => undefined) });
  for (const { name } of nodes) backends.ready(name);
  return backends;
}

/** An address that refuses connections. */
export const nowhere = async (name: string): Promise<Place> => ({ name, url: `http://127.0.0.1:${await freePort()}` });

export const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/graphql`, { method: 'POST', body, headers });

/** What a refusal says: the status, the code, and whether to try again. */
export const fault = async (response: Response) => {
  const { errors } = (await response.json()) as { errors: { message: string; extensions: Record<string, unknown> }[] };
  return [response.status, errors[0]?.extensions['code'], errors[0]?.extensions['retryable']];
};

/** Answers an upgrade and sends back what it hears. */
export function echo({ server, name }: FakeNode): FakeNode['server'] {
  return server.on('upgrade', (_request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Node: ${name}\r\n\r\n`,
    );
    socket.write(head);
    socket.pipe(socket);
  });
}

/** Asks for a WebSocket; what came of it. */
export function upgrade(url: string) {
  const asked = request(`${url}/graphql`, { headers: { Connection: 'Upgrade', Upgrade: 'websocket' } });
  asked.end();
  return new Promise<{ status: number | undefined; node: unknown; socket: Duplex }>((resolve, reject) => {
    asked.once('upgrade', ({ statusCode, headers }, socket) =>
      resolve({ status: statusCode, node: headers['x-node'], socket }),
    );
    asked.once('response', ({ statusCode, socket }) => resolve({ status: statusCode, node: undefined, socket }));
    asked.once('error', reject);
  });
}
