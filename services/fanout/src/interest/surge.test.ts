import { callRpcMany } from '@parley/service-kit';
import { expect, test, vi } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { created, read, removed } from '../../test/events.ts';
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

test('hundreds who come back at once are a few questions, and nobody misses anything', {
  timeout: 30_000,
}, async () => {
  const world = await startWorld();
  const channel = world.api.channel(general);
  channel.append(...texts(30));
  const requests = requestsOf(world);
  const clients = await Promise.all(people(300).map((userId) => world.connect(userId)));
  for (const [index, client] of clients.entries()) {
    client.subscribe('inbox', 'subscription { inbox { __typename cursor } }');
    client.subscribe('1', watchChannel, { channelId: general, after: 10 + (index % 5) });
  }
  await Promise.all(clients.map((client) => client.synced('1')));
  for (const [index, client] of clients.entries()) expect(client.seqs('1')).toEqual(upTo(30, 11 + (index % 5)));
  expect(world.api.count('channel.join')).toBe(300);
  // About fifteen; a busy machine lets them come in more groups.
  const few = 100;
  for (const method of ['session.open', 'session.check', 'channel.join', 'inbox.open', 'presence.renew'])
    expect(requests.get(method), method).toBeLessThan(few);
  // The log was read for the first who wanted it.
  expect(requests.get('channel.events')).toBeLessThan(few);
  expect(world.api.count('channel.reads')).toBe(1);
  channel.append(created(general, 'live'));
  for (const client of clients) await expect.poll(() => client.seqs('1').at(-1)).toBe(31);
});

test('one who comes alone waits for nobody', async () => {
  const world = await startWorld();
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
  const world = await startWorld();
  const channel = world.api.channel(general);
  const client = await world.connect('ada');
  client.subscribe('1', watchChannel, { channelId: general });
  await client.synced('1');
  const begun = performance.now();
  for (const seq of [1, 2]) for (const userId of people(1_000)) channel.publish([read(general, userId, seq)]);
  const known = () => {
    const pointers = new Map<unknown, unknown>();
    for (const frame of readFrames(client)) {
      const reads = (frame['reads'] ?? [frame]) as readonly { userId: string; readSeq: number }[];
      for (const { userId, readSeq } of reads) pointers.set(userId, readSeq);
    }
    return pointers;
  };
  await expect.poll(() => [...known().values()].filter((seq) => seq === 2).length, { timeout: 5_000 }).toBe(1_000);
  // The first ChannelSynced is that of the join.
  const seconds = (performance.now() - begun) / 1_000;
  expect(readFrames(client).length - 1).toBeLessThanOrEqual(2 + 5 * Math.ceil(seconds));
  expect(readFrames(client)[1]).toMatchObject({ __typename: 'ReadAdvanced', userId: 'user-1' });
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
