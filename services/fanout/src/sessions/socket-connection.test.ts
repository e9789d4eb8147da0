import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { silentLogger } from '@parley/service-kit';
import { expect, onTestFinished, test } from 'vitest';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';
import { createCounters } from '../counters.ts';
import { Flusher } from './flusher.ts';
import { SocketConnection } from './socket-connection.ts';

test('of a peer that is cut off for sending too much nothing more is read', async () => {
  const options = { port: 0, host: '127.0.0.1', closeTimeout: 500 } satisfies ServerOptions & { closeTimeout: number };
  const server = new WebSocketServer(options);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const streams: Socket[] = [];
  server.on('connection', (socket, { socket: stream }: IncomingMessage) => {
    streams.push(stream);
    const deps = { flusher: new Flusher(), counters: createCounters(), capBytes: 1_000_000, logger: silentLogger() };
    const heard = () => connection.cutOff(4430, 'unable to go on; slow down');
    const connection = new SocketConnection(deps, { heard, closed: () => undefined }, socket, stream);
  });
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  client.on('error', () => undefined);
  await once(client, 'open');
  const frame = 'x'.repeat(100_000);
  for (let n = 0; n < 300; n += 1) client.send(frame);
  await once(client, 'close');
  // Of thirty million, what was in the kernel's hands and in one read.
  expect(streams[0]?.bytesRead).toBeLessThan(10_000_000);
});
