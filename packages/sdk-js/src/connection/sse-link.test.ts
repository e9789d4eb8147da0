import { expect, test } from 'vitest';
import { connectionWithout, sseWorld } from '../../test/no-websocket.ts';

test('where there is no WebSocket, requests and streams do the same work', async () => {
  await expect(connectionWithout('auto')).resolves.toBeUndefined();
});

test('events come over a stream, whatever the pieces they come in', async () => {
  const { client, server, settle } = sseWorld();
  await client.connect();
  const seen: unknown[] = [];
  client.subscribe(
    'subscription Count{count}',
    { after: 1 },
    { next: (data) => void seen.push(data), complete: () => void seen.push('end') },
  );
  await settle();
  const stream = server.streams[0];
  expect(stream?.variables).toEqual({ after: 1 });
  stream?.write(':\n\nevent: next\nda');
  stream?.write('ta: {"data":{"count":2}}\n\nevent: next\ndata: {"data":{"count":3}}\n');
  stream?.write('\nevent: complete\ndata: \n\n');
  await settle();
  expect(seen).toEqual([{ count: 2 }, { count: 3 }, 'end']);
});

test('a stream that breaks is opened again with the newest variables', async () => {
  const { client, server, clock, settle } = sseWorld();
  await client.connect();
  let after = 1;
  client.subscribe<{ readonly count: number }>('subscription Count{count}', () => ({ after }), {
    next({ count }) {
      after = count;
    },
  });
  await settle();
  server.streams[0]?.write('event: next\ndata: {"data":{"count":7}}\n\n');
  await settle();
  server.streams[0]?.close();
  await clock.advanceAsync(2_000);
  expect(server.streams[1]?.variables).toEqual({ after: 7 });
});

test('a stream that went silent after it had kept itself alive is opened again', async () => {
  const { client, server, clock, settle } = sseWorld();
  await client.connect();
  client.subscribe('subscription Count{count}', {}, { next: () => {} });
  await settle();
  server.streams[0]?.write(':\n\n');
  await clock.advanceAsync(62_000);
  expect(server.streams).toHaveLength(2);
});

test('a refused stream ends its own subscription only', async () => {
  const { client, server, settle } = sseWorld();
  await client.connect();
  const errors: string[] = [];
  server.refuse = { message: 'unable to watch; you are no member', extensions: { code: 'forbidden' } };
  client.subscribe('subscription Count{count}', {}, { next: () => {}, error: ({ code }) => void errors.push(code) });
  await settle();
  expect(errors).toEqual(['forbidden']);
  expect(client.connection.get().name).toBe('connected');
});

test('an accepted stream that is refused in its first result ends its own subscription only, with its code', async () => {
  const { client, server, settle } = sseWorld();
  await client.connect();
  const errors: string[] = [];
  client.subscribe('subscription Count{count}', {}, { next: () => {}, error: ({ code }) => void errors.push(code) });
  await settle();
  server.streams[0]?.write(
    'event: next\ndata: {"errors":[{"message":"unable to watch; you are no member","extensions":{"code":"forbidden"}}]}\n\nevent: complete\ndata: \n\n',
  );
  await settle();
  expect(errors).toEqual(['forbidden']);
  expect(client.connection.get().name).toBe('connected');
});

test('a stream that ends without `complete` goes on in another, with another token when the old one is refused', async () => {
  const { client, server, clock, settle } = sseWorld();
  await client.connect();
  client.subscribe('subscription Count{count}', {}, { next: () => {} });
  await settle();
  const { token } = server.streams[0] ?? {};
  server.expired.add(token ?? '');
  server.streams[0]?.write(': unable to go on; the token expired\n\n');
  server.streams[0]?.close();
  await clock.advanceAsync(4_000);
  expect(server.streams).toHaveLength(2);
  expect(server.streams[1]?.token).not.toBe(token);
});

test('a token that ran out is replaced, and the streams go on', async () => {
  const { client, server, clock, settle } = sseWorld();
  await client.connect();
  client.subscribe('subscription Count{count}', {}, { next: () => {} });
  await settle();
  const { token } = server.streams[0] ?? {};
  server.streams[0]?.write(
    'event: next\ndata: {"errors":[{"message":"unable to go on; the token expired","extensions":{"code":"unauthenticated"}}]}\n\n',
  );
  await clock.advanceAsync(2_000);
  expect(server.streams).toHaveLength(2);
  expect(server.streams[1]?.token).not.toBe(token);
});

test('an undone subscription closes its stream', async () => {
  const { client, server, settle } = sseWorld();
  await client.connect();
  const unsubscribe = client.subscribe('subscription Count{count}', {}, { next: () => {} });
  await settle();
  unsubscribe();
  expect(server.streams[0]?.aborted()).toBe(true);
});

test('streams go where subscriptions go', async () => {
  const { client, server, settle } = sseWorld('wss://events.parley.test/graphql');
  await client.connect();
  client.subscribe('subscription Count{count}', {}, { next: () => {} });
  await settle();
  expect(server.streams.map(({ url }) => url)).toEqual(['https://events.parley.test/graphql']);
});
