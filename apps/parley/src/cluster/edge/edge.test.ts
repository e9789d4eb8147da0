import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { freePort } from '@parley/local-postgres';
import { silentLogger } from '@parley/service-kit';
import { sendRaw } from '@parley/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { type DevServer, listenOn } from '../../dev/server.ts';
import { type Backends, createBackends } from './backends.ts';
import { type EdgeOptions, openEdge } from './edge.ts';

const undos: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo();
});

interface FakeNode {
  readonly name: string;
  readonly url: string;
  readonly server: Server;
  /** What it was asked, as method, path and body. */
  readonly asked: string[];
}

async function node(name: string, listener?: RequestListener): Promise<FakeNode> {
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
  undos.push(() => stop(server));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { name, url: `http://127.0.0.1:${port}`, server, asked };
}

function stop(server: Server): void {
  server.close();
  server.closeAllConnections();
}

async function edge(
  api: readonly Place[],
  fanout: readonly Place[],
  bounds: Pick<EdgeOptions, 'mostRequests' | 'mostSockets'> = {},
): Promise<DevServer & { url: string }> {
  const server = await listenOn(0, 'parley cluster');
  const [apis, fanouts] = [backendsOf(api), backendsOf(fanout)];
  const app = { appId: 'app', apiKey: 'key', apiSecret: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA' };
  const opened = openEdge({ server, api: apis, fanout: fanouts, app, ...bounds });
  undos.push(async () => {
    opened.close();
    for (const backends of [apis, fanouts]) backends.close();
    await server.close();
  });
  return { ...server, url: `http://127.0.0.1:${server.port}` };
}

type Place = Pick<FakeNode, 'name' | 'url'>;

function backendsOf(nodes: readonly Place[]): Backends {
  // Nobody looks at the nodes, so that only what a request meets counts.
  const backends = createBackends({ nodes, logger: silentLogger(), probe: () => new Promise(() => undefined) });
  for (const { name } of nodes) backends.ready(name);
  return backends;
}

/** An address that refuses connections. */
const nowhere = async (name: string): Promise<Place> => ({ name, url: `http://127.0.0.1:${await freePort()}` });

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/graphql`, { method: 'POST', body, headers });

const fault = async (response: Response) => {
  const { errors } = (await response.json()) as { errors: { message: string; extensions: Record<string, unknown> }[] };
  return [response.status, errors[0]?.extensions['code'], errors[0]?.extensions['retryable']];
};

test('requests go to each API node in turn, with what they say and who asked', async () => {
  const heard: IncomingMessage['headers'][] = [];
  const listen: RequestListener = (incoming, response) => {
    heard.push(incoming.headers);
    response
      .writeHead(207, { 'X-Node': 'yes', 'Content-Type': 'text/plain', 'Set-Cookie': ['a=1', 'b=2'] })
      .end('done');
  };
  const nodes = [await node('api-0', listen), await node('api-1', listen)];
  const { url } = await edge(nodes, []);
  for (const body of ['one', 'two', 'three', 'four']) {
    const response = await post(url, body, { Authorization: 'Bearer token' });
    expect([response.status, await response.text(), response.headers.getSetCookie()]).toEqual([
      207,
      'done',
      ['a=1', 'b=2'],
    ]);
  }
  expect(nodes.map(({ asked }) => asked.length)).toEqual([2, 2]);
  expect(nodes.flatMap(({ asked }) => asked).sort()).toEqual(
    ['four', 'one', 'three', 'two'].map((body) => `POST /graphql ${body}`),
  );
  expect(heard[0]).toMatchObject({ authorization: 'Bearer token', host: url.slice('http://'.length) });
  expect(heard[0]?.['x-forwarded-for']).toMatch(/127\.0\.0\.1$/);
});

test('a node that refuses the connection is passed over, and the whole body reaches the next', async () => {
  const alive = await node('api-1');
  const { url } = await edge([await nowhere('api-0'), alive], []);
  const body = 'x'.repeat(200_000);
  for (const _ of [1, 2]) expect(await (await post(url, body)).text()).toBe('answer of api-1');
  expect(alive.asked).toEqual([`POST /graphql ${body}`, `POST /graphql ${body}`]);
});

test('a request that a node took and did not answer goes nowhere else: a mutation may have run', async () => {
  const dying: RequestListener = (_incoming, response) => void response.destroy();
  const nodes = [await node('api-0', dying), await node('api-1', dying)];
  const { url } = await edge(nodes, []);
  expect(await fault(await post(url, 'mutation'))).toEqual([504, 'timeout', true]);
  expect(nodes.flatMap(({ asked }) => asked)).toHaveLength(1);
});

test('with no node there the answer is a GraphQL error that may be retried', async () => {
  const { url } = await edge([await nowhere('api-0'), await nowhere('api-1')], [await nowhere('fanout-0')]);
  expect(await fault(await post(url, 'query'))).toEqual([503, 'unavailable', true]);
  expect(await fault(await post(url, 'query', { Accept: 'text/event-stream' }))).toEqual([503, 'unavailable', true]);
});

test('an event stream comes from fan-out, event by event, and ends at the node when the client leaves', async () => {
  const left = vi.fn();
  const fanout = await node('fanout-0', (_incoming, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('event: next\n\n');
    response.once('close', left);
  });
  const { url } = await edge([], [fanout]);
  const leaving = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { Accept: 'text/event-stream' },
    signal: leaving.signal,
  });
  const first = await response.body?.getReader().read();
  expect(new TextDecoder().decode(first?.value)).toBe('event: next\n\n');
  leaving.abort();
  await vi.waitFor(() => expect(left).toHaveBeenCalledOnce());
});

/** Answers an upgrade and sends back what it hears. */
function echo({ server, name }: FakeNode): FakeNode['server'] {
  return server.on('upgrade', (_request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Node: ${name}\r\n\r\n`,
    );
    socket.write(head);
    socket.pipe(socket);
  });
}

function upgrade(url: string) {
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

test('sockets go to a fan-out node, whatever goes through them, past those that are dead, silent about it or leaving', async () => {
  const leaving = await node('fanout-1');
  leaving.server.on('upgrade', (_request: IncomingMessage, socket: Duplex) =>
    socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n'),
  );
  const dying = await node('fanout-2');
  dying.server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => socket.destroy());
  const alive = await node('fanout-3');
  echo(alive);
  const { url } = await edge([], [await nowhere('fanout-0'), leaving, dying, alive]);
  for (const _ of [1, 2, 3, 4]) {
    const { status, node: name, socket } = await upgrade(url);
    expect([status, name]).toEqual([101, 'fanout-3']);
    socket.write('hello');
    expect(String((await once(socket, 'data'))[0])).toBe('hello');
    socket.destroy();
  }
});

test('an offer of HTTP/2, as Java and curl --http2 make it, is ignored and the request answered', async () => {
  let heard: IncomingMessage['headers'] = {};
  const api = await node('api-0', (incoming, response) => {
    heard = incoming.headers;
    response.end('answered');
  });
  const { port } = await edge([api], []);
  const body = '{"query":"{ __typename }"}';
  const lines = [
    'POST /graphql HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
  ];
  lines.push('HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA', `Content-Length: ${body.length}`);
  expect(await sendRaw(port, `${lines.join('\r\n')}\r\n\r\n${body}`)).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*answered/);
  expect(api.asked).toEqual([`POST /graphql ${body}`]);
  expect(heard).not.toHaveProperty('upgrade');
  expect(heard).not.toHaveProperty('http2-settings');
});

test('what a client sends behind an upgrade that comes to nothing reaches no node', async () => {
  const fanout = await node('fanout-0');
  fanout.server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    socket.on('data', (bytes: Buffer) => fanout.asked.push(String(bytes)));
    socket.on('end', () => socket.end());
  });
  const { port } = await edge([], [fanout]);
  const upgradeTo = 'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  const answer = await sendRaw(port, `${upgradeTo}POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 404/);
  expect(fanout.asked).toEqual([]);
});

test('past its bounds the edge refuses, and takes more as soon as one has ended', async () => {
  const [api, fanout] = [await node('api-0'), await node('fanout-0')];
  fanout.server.removeAllListeners('request').on('request', (_incoming: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('event: next\n\n');
  });
  echo(fanout);
  const { url } = await edge([api], [fanout], { mostRequests: 1, mostSockets: 1 });
  const leaving = new AbortController();
  const stream = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { Accept: 'text/event-stream' },
    signal: leaving.signal,
  });
  expect(stream.status).toBe(200);
  expect(await fault(await post(url, 'query'))).toEqual([503, 'unavailable', true]);
  leaving.abort();
  await vi.waitFor(async () => expect(await (await post(url, 'query')).text()).toBe('answer of api-0'));
  const first = await upgrade(url);
  expect((await upgrade(url)).status).toBe(503);
  first.socket.destroy();
  await vi.waitFor(async () => expect((await upgrade(url)).status).toBe(101));
});

test('with no fan-out node a socket is refused with 503, and when its node dies it is closed', async () => {
  expect((await upgrade((await edge([], [await nowhere('fanout-0')])).url)).status).toBe(503);
  const fanout = await node('fanout-0');
  let held: Duplex | undefined;
  echo(fanout).on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    held = socket;
  });
  const { socket } = await upgrade((await edge([], [fanout])).url);
  const closed = once(socket, 'close');
  socket.on('error', () => undefined);
  socket.resume();
  held?.destroy();
  await closed;
});

test('a client that does not read makes its node wait, not the edge fill up', async () => {
  let written = 0;
  const fanout = await node('fanout-0');
  fanout.server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    const chunk = Buffer.alloc(1 << 20);
    const fill = () => {
      do written += chunk.length;
      while (socket.write(chunk) && written < 256 << 20);
    };
    socket.on('drain', fill);
    fill();
  });
  const { port } = await edge([], [fanout]);
  const client = connect(port, '127.0.0.1');
  undos.push(() => void client.destroy());
  client.write('GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  client.pause();
  // It goes on until every buffer on the way is full, and then stands still.
  let before = -1;
  await vi.waitFor(
    () => {
      const stands = before === written && written > 0;
      before = written;
      expect(stands).toBe(true);
    },
    { interval: 200, timeout: 60_000 },
  );
  expect(written).toBeLessThan(64 << 20);
});

test('metrics and the doctor are for who asks on this machine, not for who comes through a proxy', async () => {
  const heard: IncomingMessage['headers'][] = [];
  const fanout = await node('fanout-0', (incoming, response) => {
    heard.push(incoming.headers);
    response.end('well');
  });
  const { url } = await edge([], [fanout]);
  for (const path of ['/doctor', '/metrics']) {
    expect((await fetch(`${url}${path}`, { headers: { 'X-Forwarded-For': '203.0.113.7' } })).status).toBe(403);
    expect((await fetch(`${url}${path}`)).status).toBe(200);
  }
  // The node would take it for a stranger's otherwise.
  expect(heard.map((headers) => headers['x-forwarded-for'])).toEqual([undefined]);
});

test('readiness names the nodes that are down, and is there while one of each kind is', async () => {
  const [api, fanout] = [await node('api-0'), await node('fanout-0')];
  const { url } = await edge([api, await nowhere('api-1')], [fanout]);
  for (const _ of [1, 2]) await (await post(url, 'query')).text();
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { ok: true, checks: { 'api-0': 'ok', 'api-1': 'it refuses connections', 'fanout-0': 'ok' } },
  ]);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain(`parley_edge_node_ready{node="api-0",url="${api.url}",service="edge"} 1`);
  const { url: broken } = await edge([api], [await nowhere('fanout-0')]);
  await post(broken, 'stream', { Accept: 'text/event-stream' });
  expect((await fetch(`${broken}/readyz`)).status).toBe(503);
});
