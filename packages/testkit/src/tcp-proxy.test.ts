import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

let echo: Server;
let target: { host: string; port: number };
let proxy: TcpProxy;
let clients: Socket[];

beforeEach(async () => {
  clients = [];
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const address = echo.address();
  if (typeof address !== 'object' || address === null) throw new Error('the echo server has no port');
  target = { host: '127.0.0.1', port: address.port };
  proxy = await startTcpProxy({ target });
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  await proxy.close();
  echo.close();
});

interface Client {
  readonly socket: Socket;
  heard(): string;
  say(text: string): void;
}

async function dial(through: TcpProxy = proxy): Promise<Client> {
  const socket = connect(through.port, through.host);
  clients.push(socket);
  let heard = '';
  socket.on('error', () => undefined);
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  await once(socket, 'connect');
  return { socket, heard: () => heard, say: (text) => void socket.write(text) };
}

/** Resolves once the socket is closed: true when it broke, false when it ended in order. */
function closing(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => socket.once('close', resolve));
}

test('without faults everything goes through, the end too', async () => {
  const client = await dial();
  client.say('hello');
  await vi.waitFor(() => expect(client.heard()).toBe('hello'));
  expect(proxy.connections).toBe(1);
  const closed = closing(client.socket);
  client.socket.end(' and goodbye');
  expect(await closed).toBe(false);
  expect(client.heard()).toBe('hello and goodbye');
  await vi.waitFor(() => expect(proxy.connections).toBe(0));
});

test('a cut resets open connections and lets new ones through', async () => {
  const client = await dial();
  client.say('hello');
  await vi.waitFor(() => expect(client.heard()).toBe('hello'));
  const broken = closing(client.socket);
  proxy.cut();
  expect(await broken).toBe(true);
  const next = await dial();
  next.say('again');
  await vi.waitFor(() => expect(next.heard()).toBe('again'));
});

test('half open: nobody notices and nothing arrives, until it heals', async () => {
  const client = await dial();
  client.say('before');
  await vi.waitFor(() => expect(client.heard()).toBe('before'));
  proxy.halfOpen();
  client.say(', during');
  const late = await dial();
  late.say('late');
  const fair = await startTcpProxy({ target });
  const meanwhile = await dial(fair);
  meanwhile.say('a way that works has answered');
  await vi.waitFor(() => expect(meanwhile.heard()).toBe('a way that works has answered'));
  await fair.close();
  expect(client.heard()).toBe('before');
  expect(late.heard()).toBe('');
  expect(client.socket.destroyed).toBe(false);
  await proxy.heal();
  await vi.waitFor(() => expect(client.heard()).toBe('before, during'));
  await vi.waitFor(() => expect(late.heard()).toBe('late'));
});

test('delay holds bytes for its time and keeps their order under jitter', async () => {
  const client = await dial();
  proxy.delay(60, 60);
  const began = performance.now();
  for (const digit of '0123456789') client.say(digit);
  await vi.waitFor(() => expect(client.heard()).toBe('0123456789'));
  // There and back again, less the rounding of timers.
  expect(performance.now() - began).toBeGreaterThan(110);
});

test('dribble lets a few bytes out at a time', async () => {
  const client = await dial();
  proxy.dribble(10);
  const began = performance.now();
  client.say('x'.repeat(100));
  await vi.waitFor(() => expect(client.heard()).toHaveLength(100));
  expect(performance.now() - began).toBeGreaterThan(80);
});

test('refuse turns new connections away until it heals', async () => {
  const client = await dial();
  const broken = closing(client.socket);
  await proxy.refuse();
  expect(await broken).toBe(true);
  await expect(dial()).rejects.toThrow('ECONNREFUSED');
  await proxy.heal();
  const next = await dial();
  next.say('back');
  await vi.waitFor(() => expect(next.heard()).toBe('back'));
});

test('more than the proxy may hold goes through whole', async () => {
  const client = await dial();
  proxy.halfOpen();
  const text = 'abcdefgh'.repeat(400_000);
  client.say(text);
  await proxy.heal();
  await vi.waitFor(() => expect(client.heard().length).toBe(text.length));
  expect(client.heard()).toBe(text);
});

test('a target that is not there breaks the connection', async () => {
  await new Promise((resolve) => echo.close(resolve));
  const socket = connect(proxy.port, proxy.host);
  clients.push(socket);
  socket.on('error', () => undefined);
  expect(await closing(socket)).toBe(true);
});
