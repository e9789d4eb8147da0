import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { sendRaw } from '@parley/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEdgeWorld, type EdgeWorld, echo, nowhere, upgrade } from '../../../test/edge-world.ts';

let world: EdgeWorld;
beforeEach(() => {
  world = createEdgeWorld();
});
afterEach(() => world.close());

test('sockets go to a fan-out node, whatever goes through them, past those that are dead, silent about it or leaving', async () => {
  const leaving = await world.node('fanout-1');
  leaving.server.on('upgrade', (_request: IncomingMessage, socket: Duplex) =>
    socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n'),
  );
  const dying = await world.node('fanout-2');
  dying.server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => socket.destroy());
  const alive = await world.node('fanout-3');
  echo(alive);
  const { url } = await world.edge([], [await nowhere('fanout-0'), leaving, dying, alive]);
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
  const api = await world.node('api-0', (incoming, response) => {
    heard = incoming.headers;
    response.end('answered');
  });
  const { port } = await world.edge([api], []);
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
  const fanout = await world.node('fanout-0');
  fanout.server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    socket.on('data', (bytes: Buffer) => fanout.asked.push(String(bytes)));
    socket.on('end', () => socket.end());
  });
  const { port } = await world.edge([], [fanout]);
  const upgradeTo = 'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  const answer = await sendRaw(port, `${upgradeTo}POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 404/);
  expect(fanout.asked).toEqual([]);
});

test('with no fan-out node a socket is refused with 503, and when its node dies it is closed', async () => {
  expect((await upgrade((await world.edge([], [await nowhere('fanout-0')])).url)).status).toBe(503);
  const fanout = await world.node('fanout-0');
  let held: Duplex | undefined;
  echo(fanout).on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    held = socket;
  });
  const { socket } = await upgrade((await world.edge([], [fanout])).url);
  const closed = once(socket, 'close');
  socket.on('error', () => undefined);
  socket.resume();
  held?.destroy();
  await closed;
});

test('a client that does not read makes its node wait, not the edge fill up', async () => {
  let written = 0;
  const fanout = await world.node('fanout-0');
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
  const { port } = await world.edge([], [fanout]);
  const client = connect(port, '127.0.0.1');
  world.onClose(() => client.destroy());
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
