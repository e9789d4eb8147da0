import { expect, test } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { created } from '../../test/events.ts';
import type { RawClient } from '../../test/raw-client.ts';
import { startWorld, type World, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';
const presence = 'subscription ($userIds: [ID!]!) { presence(userIds: $userIds) { userId online } }';
const ids = (from: number, count: number) => Array.from({ length: count }, (_, index) => `user-${from + index}`);
/** A document that nobody else sends. */
const documentOf = (n: number) =>
  `subscription Own${n}($channelId: ID!) { channelEvents(channelId: $channelId) { __typename at ${'channelId '.repeat(n + 1)} } }`;
const connect = (world: World, count: number) =>
  Promise.all(Array.from({ length: count }, () => world.connect('mallory')));
const refusals = (clients: readonly RawClient[]) =>
  clients.flatMap(({ frames }) => frames.filter(({ type }) => type === 'error').map(({ payload }) => payload?.[0]));

const nothingHeld = {
  sockets: 0,
  streams: 0,
  sessions: 0,
  operations: 0,
  topics: 0,
  documents: 0,
  selections: 0,
  feeds: 0,
  watchedUsers: 0,
  users: 0,
  retainedBytes: 0,
  bufferedBytes: 0,
  waitingWork: 0,
  strangers: 0,
  suspectAddresses: 0,
};

test('when the last connection of a user is gone, nothing is kept of what it asked for', {
  timeout: 30_000,
}, async () => {
  const world = await startWorld({ limits: { retainedBytesPerUser: 1024 * 1024 } });
  world.api.channel(general).append(...ids(0, 50).map((id) => created(general, id)));
  const answered = deferred();
  world.api.execute = async () => {
    await answered.promise;
    return { data: { ok: true } };
  };
  const clients = await connect(world, 4);
  for (const [index, client] of clients.entries())
    for (let n = 0; n < 40; n += 1) {
      const serial = index * 40 + n;
      client.subscribe(`document ${n}`, documentOf(n), { channelId: general, unused: 'x'.repeat(5_000) });
      client.subscribe(`channel ${n}`, watchChannel, { channelId: `messaging:${serial}`, after: 0 });
      client.subscribe(`presence ${n}`, presence, { userIds: ids(serial * 20, 20) });
      client.subscribe(`inbox ${n}`, 'subscription { inbox { __typename } }');
      client.subscribe(`query ${n}`, '{ me { id } }', { text: 'x'.repeat(1_000) });
    }
  await expect.poll(() => refusals(clients).length, { timeout: 20_000 }).toBeGreaterThan(10);
  const held = world.fanout.stats();
  expect(held.retainedBytes).toBeLessThanOrEqual(1024 * 1024);
  expect(held.users).toBe(1);
  for (const fault of refusals(clients)) expect(fault).toMatchObject({ extensions: { code: 'rate_limited' } });
  for (const client of clients) client.vanish();
  answered.resolve();
  await expect.poll(() => world.fanout.stats(), { timeout: 20_000 }).toMatchObject(nothingHeld);
});

test('bytes are counted over all sockets, the refusal names the limit and the cure, and completing makes room', async () => {
  const limit = 200_000;
  const world = await startWorld({ limits: { retainedBytesPerUser: limit } });
  const [first, second] = await connect(world, 2);
  if (first === undefined || second === undefined) throw new TypeError('unreachable');
  for (let n = 0; n < 40; n += 1) first.subscribe(`${n}`, documentOf(n), { channelId: general });
  await expect.poll(() => refusals([first]).length).toBeGreaterThan(0);
  second.subscribe('1', documentOf(50), { channelId: general });
  const { message, extensions } = await second.failure('1');
  expect(extensions).toMatchObject({ code: 'rate_limited', limit, retryable: true });
  expect(message).toMatch(/take over 200000 bytes on all connections together: complete some first/);
  for (let n = 0; n < 40; n += 1) first.complete(`${n}`);
  await expect.poll(() => world.fanout.stats().retainedBytes).toBe(0);
  second.subscribe('2', documentOf(50), { channelId: general });
  await second.synced('2');
  const other = await world.connect('bob');
  other.subscribe('1', watchChannel, { channelId: general });
  await other.synced('1');
});

test('subscriptions are counted over all sockets', async () => {
  const world = await startWorld({ limits: { subscriptionsPerUser: 3 } });
  const [first, second] = await connect(world, 2);
  for (const id of ['1', '2']) {
    first?.subscribe(id, watchChannel, { channelId: general });
    await first?.synced(id);
  }
  second?.subscribe('1', watchChannel, { channelId: general });
  await second?.synced('1');
  second?.subscribe('2', watchChannel, { channelId: general });
  await expect
    .poll(() => refusals(second === undefined ? [] : [second]))
    .toMatchObject([{ extensions: { code: 'rate_limited', limit: 3 } }]);
});

test('watched users are counted once each over all subscriptions and sockets, and are one place on the bus', async () => {
  const world = await startWorld({ limits: { presenceUserIdsPerUser: 100 } });
  const clients = await connect(world, 3);
  for (const client of clients) {
    client.subscribe('1', presence, { userIds: ids(0, 60) });
    await client.heard(({ type, id }) => type === 'next' && id === '1');
  }
  expect(world.fanout.stats()).toMatchObject({ watchedUsers: 60, operations: 3 });
  clients[0]?.subscribe('2', presence, { userIds: ids(60, 41) });
  expect(await clients[0]?.failure('2')).toMatchObject({
    extensions: { code: 'rate_limited', field: 'userIds', limit: 100 },
  });
  clients[1]?.subscribe('2', presence, { userIds: ids(60, 40) });
  await clients[1]?.heard(({ type, id }) => type === 'next' && id === '2');
  for (const client of clients) client.complete('1');
  await expect.poll(() => world.fanout.stats().watchedUsers).toBe(40);
});

test('operations of one user wait for each other past some, those of others do not', async () => {
  const world = await startWorld();
  const answered = deferred();
  world.api.execute = async ({ principal }) => {
    if (principal.userId === 'mallory') await answered.promise;
    return { data: { ok: true } };
  };
  const clients = await connect(world, 3);
  for (const client of clients) for (let n = 0; n < 20; n += 1) client.subscribe(`${n}`, '{ slow }');
  await expect.poll(() => world.api.count('graphql.execute')).toBe(20);
  const bob = await world.connect('bob');
  bob.subscribe('1', '{ me { id } }');
  await bob.heard(({ type }) => type === 'complete');
  expect(world.api.count('graphql.execute')).toBe(21);
  answered.resolve();
  for (const client of clients)
    for (let n = 0; n < 20; n += 1) await client.heard(({ type, id }) => type === 'complete' && id === `${n}`);
});

test('channels that one may not watch are asked for some at a time, so few are ever listened to', async () => {
  const world = await startWorld();
  const answered = deferred();
  world.api.before.set('channel.join', () => answered.promise);
  const [client] = await connect(world, 1);
  for (let n = 0; n < 150; n += 1) client?.subscribe(`${n}`, watchChannel, { channelId: `messaging:${n}` });
  await expect.poll(() => world.fanout.stats().operations).toBe(150);
  await expect.poll(() => world.fanout.stats().topics).toBe(100);
  answered.resolve();
  for (let n = 0; n < 150; n += 1) await client?.synced(`${n}`);
});

test('an event stream counts as its user does on sockets', async () => {
  const world = await startWorld({ limits: { subscriptionsPerUser: 1 } });
  const [client] = await connect(world, 1);
  client?.subscribe('1', watchChannel, { channelId: general });
  await client?.synced('1');
  const response = await fetch(world.httpUrl, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${Buffer.from(JSON.stringify({ userId: 'mallory' })).toString('base64url')}`,
    },
    body: JSON.stringify({ query: watchChannel, variables: { channelId: general } }),
  });
  expect(response.status).toBe(429);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'rate_limited', limit: 1 } }] });
  await expect.poll(() => world.fanout.stats()).toMatchObject({ streams: 0, sessions: 1, operations: 1 });
});
