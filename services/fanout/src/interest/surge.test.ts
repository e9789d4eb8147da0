import { callRpcMany } from '@parley/service-kit';
import { type FakeClock, fakeClock } from '@parley/testkit';
import { expect, test, vi } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { created, read, removed, typing } from '../../test/events.ts';
import { tokenOf } from '../../test/fake-api.ts';
import type { RawClient } from '../../test/raw-client.ts';
import { startWorld, type World, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';
const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const texts = (count: number) => upTo(count).map((n) => created(general, `message ${n}`));
const people = (count: number) => upTo(count).map((n) => `user-${n}`);

/** Messages on the bus, by method. */
function requestsOf({ bus }: World): Map<string, number> {
  const counts = new Map<string, number>();
  const request = bus.request.bind(bus);
  vi.spyOn(bus, 'request').mockImplementation((subject, payload, options) => {
    const method = subject.replace('parley.rpc.', '');
    counts.set(method, (counts.get(method) ?? 0) + 1);
    return request(subject, payload, options);
  });
  return counts;
}

const expectAtMost = (counts: Map<string, number>, most: number, ...methods: readonly string[]) => {
  for (const method of methods) expect(counts.get(method), method).toBeLessThanOrEqual(most);
};

/** So many are let in at once, and so many questions go out before the others wait for each other. */
const wave = 100;
const fewFirst = 10;

/** Opens sessions in waves. The clock stands still while a wave arrives, however slow the machine is. */
async function connectAll(world: World, clock: FakeClock, userIds: readonly string[]): Promise<readonly RawClient[]> {
  const all: RawClient[] = [];
  for (let start = 0; start < userIds.length; start += wave) {
    const clients = await Promise.all(userIds.slice(start, start + wave).map(() => world.raw().opened()));
    for (const [index, client] of clients.entries()) {
      client.send({ type: 'connection_init', payload: { token: tokenOf({ userId: userIds[start + index] ?? null }) } });
      client.send({ type: 'ping' });
    }
    // Frames are read in order: after the answer to the ping the token has been read.
    await Promise.all(clients.map((client) => client.heard(({ type }) => type === 'pong', 20_000)));
    await clock.advanceAsync(500);
    await Promise.all(clients.map((client) => client.heard(({ type }) => type === 'connection_ack', 20_000)));
    await clock.advanceAsync(500);
    all.push(...clients);
  }
  return all;
}

test('hundreds who come back at once are a few questions, and nobody misses anything', {
  timeout: 60_000,
}, async () => {
  const clock = fakeClock();
  const world = await startWorld({ clock });
  const channel = world.api.channel(general);
  channel.append(...texts(30));
  const requests = requestsOf(world);
  const clients = await connectAll(world, clock, people(300));
  // Each wave is one message, and the first one some more.
  expectAtMost(requests, fewFirst + 4, 'session.open', 'session.check', 'presence.renew');
  for (const [index, client] of clients.entries()) {
    client.subscribe('inbox', 'subscription { inbox { __typename cursor } }');
    client.subscribe('1', watchChannel, { channelId: general, after: 10 + (index % 5) });
  }
  const patient = { timeout: 20_000 };
  await expect.poll(() => world.fanout.stats(), patient).toMatchObject({ operations: 600, waitingWork: 0 });
  await clock.advanceAsync(500);
  await vi.waitFor(async () => {
    await clock.advanceAsync(10);
    for (const [index, client] of clients.entries()) expect(client.seqs('1')).toEqual(upTo(30, 11 + (index % 5)));
  }, patient);
  expect(world.api.count('channel.join')).toBe(300);
  expectAtMost(requests, fewFirst + 2, 'channel.join', 'inbox.open');
  // One for each of the five positions at most: a read covers all later positions.
  expectAtMost(requests, 5, 'channel.events');
  expect(world.api.count('channel.reads')).toBe(1);
  await Promise.all(clients.map((client) => client.synced('1')));
  channel.append(created(general, 'live'));
  for (const client of clients) await expect.poll(() => client.seqs('1').at(-1), patient).toBe(31);
});

test('one who comes alone waits for nobody', async () => {
  // The clock stands still: a question that waited would wait for ever.
  const world = await startWorld({ clock: fakeClock() });
  const requests = requestsOf(world);
  const client = await world.connect('ada');
  client.subscribe('1', watchChannel, { channelId: general });
  await client.synced('1');
  expect(requests.get('session.open')).toBe(1);
  expect(requests.get('channel.join')).toBe(1);
});

test('what was delivered lately is replayed from memory, with the permission of the moment', async () => {
  const world = await startWorld();
  const channel = world.api.channel(general);
  const watcher = await world.connect('ada');
  watcher.subscribe('1', watchChannel, { channelId: general });
  await watcher.synced('1');
  channel.append(...texts(20));
  await expect.poll(() => watcher.seqs('1')).toHaveLength(20);
  const bob = await world.connect('bob');
  bob.subscribe('1', watchChannel, { channelId: general, after: 5 });
  await bob.synced('1');
  expect(bob.seqs('1')).toEqual(upTo(20, 6));
  expect(world.api.count('channel.events')).toBe(0);
  channel.readers = new Set(['ada']);
  channel.append(removed('bob'));
  expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });
  bob.subscribe('2', watchChannel, { channelId: general, after: 5 });
  expect(await bob.failure('2')).toMatchObject({ extensions: { code: 'forbidden' } });
  expect(bob.seqs('2')).toEqual([]);
});

test('whoever is removed between its permission and its first event sees nothing further', async () => {
  const world = await startWorld();
  const channel = world.api.channel(general);
  channel.append(...texts(3));
  const answered = deferred();
  world.api.after.set('channel.join', () => answered.promise);
  const bob = await world.connect('bob');
  bob.subscribe('1', watchChannel, { channelId: general, after: 0 });
  await expect.poll(() => world.api.count('channel.join')).toBe(1);
  channel.readers = new Set(['ada']);
  channel.append(removed('bob'), created(general, 'secret'));
  expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });
  answered.resolve();
  await new Promise(setImmediate);
  expect(bob.texts.join()).not.toContain('secret');
});

test('a message that was deleted for good is not replayed from memory', async () => {
  const world = await startWorld();
  const channel = world.api.channel(general);
  const watcher = await world.connect('ada');
  watcher.subscribe('1', watchChannel, { channelId: general });
  await watcher.synced('1');
  channel.append(created(general, 'regretted'));
  const [first] = channel.events;
  if (first?.__typename !== 'MessageCreated') throw new Error('the message is missing');
  // The log forgets the text in the transaction that deletes it.
  channel.events[0] = { ...first, message: { ...first.message, text: '' } };
  const { at, actor, message } = first;
  channel.append({ __typename: 'MessageDeleted', at, actor, message: { ...message, text: '' }, hard: true });
  await expect.poll(() => watcher.seqs('1')).toEqual([1, 2]);
  const bob = await world.connect('bob');
  bob.subscribe('1', watchChannel, { channelId: general, after: 0 });
  await bob.synced('1');
  expect(bob.seqs('1')).toEqual([1, 2]);
  expect(bob.texts.join()).not.toContain('regretted');
});

test('an answer that had no room beside the others is asked for again', async () => {
  const world = await startWorld();
  const ids = people(4).map((id) => `messaging:${id}`);
  for (const id of ids) world.api.channel(id).append(created(id, 'x'.repeat(450_000)));
  const client = await world.connect('ada');
  for (const id of ids) client.subscribe(id, watchChannel, { channelId: id, after: 0 });
  await Promise.all(ids.map((id) => client.synced(id)));
  for (const id of ids) expect(client.seqs(id)).toEqual([1]);
});

const readFrames = (client: RawClient) =>
  client.events('1').filter(({ __typename }) => __typename === 'ReadAdvanced' || __typename === 'ChannelSynced');

test('a thousand who read at once are five results a second, and each of them is in the end where it is', async () => {
  const clock = fakeClock();
  const world = await startWorld({ clock });
  const channel = world.api.channel(general);
  const client = await world.connect('ada');
  client.subscribe('1', watchChannel, { channelId: general });
  await client.synced('1');
  for (const seq of [1, 2]) for (const userId of people(1_000)) channel.publish([read(general, userId, seq)]);
  channel.publish([typing(general, 'eve')]);
  // The bus keeps its order: all pointers arrived before this.
  await client.heard(({ payload }) => payload?.data?.['channelEvents']?.['__typename'] === 'TypingChanged', 20_000);
  // The first ChannelSynced is that of the join.
  expect(readFrames(client)).toHaveLength(2);
  expect(readFrames(client)[1]).toMatchObject({ __typename: 'ReadAdvanced', userId: 'user-1', readSeq: 1 });
  await clock.advanceAsync(199);
  channel.publish([typing(general, 'bob')]);
  await expect
    .poll(() => client.events('1').filter(({ __typename }) => __typename === 'TypingChanged'))
    .toHaveLength(2);
  expect(readFrames(client)).toHaveLength(2);
  await clock.advanceAsync(1);
  await expect.poll(() => readFrames(client)).toHaveLength(3);
  const reads = (readFrames(client)[2]?.['reads'] ?? []) as readonly { readonly readSeq: number }[];
  expect(reads).toHaveLength(1_000);
  expect(reads.every(({ readSeq }) => readSeq === 2)).toBe(true);
});

test('many pointers of one message of the bus are one result', async () => {
  const world = await startWorld();
  const client = await world.connect('ada');
  client.subscribe('1', watchChannel, { channelId: general });
  await client.synced('1');
  world.api.channel(general).publish(people(50).map((userId) => read(general, userId, 1)));
  await expect.poll(() => readFrames(client)).toHaveLength(2);
  expect(readFrames(client)[1]).toMatchObject({ __typename: 'ChannelSynced', reads: { length: 50 } });
});

test('questions that fail together fail each of those who asked', async () => {
  const world = await startWorld();
  world.bus.cut();
  const asked = callRpcMany(world.bus, 'session.open', [{ token: tokenOf({ userId: 'ada' }), origin: null }], {
    timeoutMs: 100,
  });
  await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
});
