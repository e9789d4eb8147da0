import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { isFromHere, ownUrl } from './own-address.ts';

test.each([
  ['127.0.0.1', 'ws://127.0.0.1:4001/graphql'],
  ['0.0.0.0', 'ws://127.0.0.1:4001/graphql'],
  ['::', 'ws://[::1]:4001/graphql'],
  ['10.0.0.7', 'ws://10.0.0.7:4001/graphql'],
])('a server on %s is reached at %s', (address, url) => {
  expect(ownUrl({ address, port: 4001 }, '/graphql')).toBe(url);
});

test('a socket of this machine has the same address at both ends; whatever is none is from elsewhere', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const client = connect((server.address() as { port: number }).port, '127.0.0.1');
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const [socket] = (await accepted) as [Socket];
  expect(isFromHere(socket)).toBe(true);
  Object.defineProperty(socket, 'remoteAddress', { value: '203.0.113.9' });
  expect(isFromHere(socket)).toBe(false);
  expect(isFromHere(new PassThrough())).toBe(false);
});
