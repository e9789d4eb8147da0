import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { nextMessageOf, textOfNow } from './broadcaster.ts';
import { LightClient, type Tally } from './light-client.ts';
import { graphqlTransport, plainSockets } from './light-dialects.ts';

async function serve(onSocket: (socket: WebSocket) => void): Promise<URL> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', onSocket);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return new URL(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
}

function tally() {
  const latencies: number[] = [];
  const counted: Tally = { messages: 0, bytes: 0, onLatency: (ms) => latencies.push(ms) };
  return { counted, latencies };
}

test('every message counts once, whatever its size and however it is cut; what keeps a connection alive does not', async () => {
  const ponged = Promise.withResolvers<void>();
  const sizes = [300, 70_000, 200, 65_535, 300];
  const address = await serve((socket) => {
    socket.on('pong', () => ponged.resolve());
    for (const size of sizes) socket.send('x'.repeat(size));
    socket.send('2');
    socket.ping();
  });
  const { counted } = tally();
  const client = new LightClient(address, plainSockets(address), counted, { index: 0, samples: false });
  await client.ready;
  await ponged.promise;
  expect(counted).toMatchObject({ messages: sizes.length, bytes: sizes.reduce((sum, size) => sum + size) });
  client.close();
});

test('a client of graphql-transport-ws is ready when its last word was said, and reads the time in messages', async () => {
  const seen: unknown[] = [];
  const address = await serve((socket) => {
    const say = (message: object) => socket.send(JSON.stringify(message));
    socket.on('message', (data) => {
      // The library hands over one Buffer for each message, since no other type is asked for.
      const message = JSON.parse((data as Buffer).toString()) as { type: string; id?: string };
      seen.push(message);
      if (message.type === 'connection_init') say({ type: 'connection_ack' });
      if (message.type === 'ping') {
        say({ id: '1', type: 'next', payload: 'ChannelSynced' });
        socket.send(nextMessageOf(1, textOfNow()));
      }
    });
  });
  const { counted, latencies } = tally();
  const talk = { subscriptions: [{ query: 'q', variables: (index: number) => ({ index }) }], ids: 'counted' as const };
  const dialect = graphqlTransport(address, { ...talk, lastWord: '"ChannelSynced"' });
  const client = new LightClient(address, dialect, counted, { index: 7, samples: true });
  await client.ready;
  await expect.poll(() => counted.messages).toBe(1);
  expect(latencies).toHaveLength(1);
  expect(latencies[0]).toBeLessThan(60_000);
  expect(seen).toMatchObject([
    { payload: { token: 'user-7' } },
    { id: '1', type: 'subscribe', payload: { query: 'q', variables: { index: 7 } } },
    { type: 'ping' },
  ]);
  client.close();
});
