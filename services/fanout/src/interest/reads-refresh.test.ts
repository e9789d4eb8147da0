import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { created, read } from '../../test/events.ts';
import type { RawClient } from '../../test/raw-client.ts';
import { startWorld, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';
const synced = (client: RawClient, id = '1') =>
  client.events(id).filter(({ __typename }) => __typename === 'ChannelSynced');
const pointers = (client: RawClient) => synced(client).map(({ seq, reads }) => ({ seq, reads }));

test('reads made while the bus was away are sent when it is back, rendered once for all', async () => {
  const world = await startWorld();
  const channel = world.api.channel(general);
  channel.append(created(general, 'first'), created(general, 'second'));
  const clients = await Promise.all(['ada', 'bob', 'eve'].map((userId) => world.connect(userId)));
  for (const client of clients) {
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
  }
  const before = world.fanout.stats().executions;
  world.bus.cut();
  channel.publish([read(general, 'bob', 2)]);
  channel.reads = [read(general, 'bob', 2)];
  world.bus.heal();
  for (const client of clients)
    await expect
      .poll(() => pointers(client))
      .toEqual([
        { seq: 2, reads: [] },
        { seq: 2, reads: [{ userId: 'bob', readSeq: 2 }] },
      ]);
  expect(world.fanout.stats().executions - before).toBe(1);
  // Once for those who joined, and once more.
  expect(world.api.count('channel.reads')).toBe(2);
  channel.append(created(general, 'third'));
  for (const client of clients) await expect.poll(() => client.seqs('1')).toEqual([3]);
});

test('what is heard while the answer travels is in it', async () => {
  const world = await startWorld();
  const channel = world.api.channel(general);
  channel.append(created(general, 'first'), created(general, 'second'));
  channel.reads = [read(general, 'ada', 1), read(general, 'bob', 1)];
  const client = await world.connect('ada');
  client.subscribe('1', watchChannel, { channelId: general });
  await client.synced('1');
  const answer = deferred();
  world.api.after.set('channel.reads', () => answer.promise);
  world.bus.cut();
  world.bus.heal();
  await expect.poll(() => world.api.count('channel.reads')).toBe(2);
  channel.publish([read(general, 'bob', 2)]);
  await expect.poll(() => client.events('1').at(-1)).toMatchObject({ __typename: 'ReadAdvanced', readSeq: 2 });
  answer.resolve();
  await expect.poll(() => synced(client)).toHaveLength(2);
  expect(pointers(client)[1]).toEqual({
    seq: 2,
    reads: expect.arrayContaining([
      { userId: 'ada', readSeq: 1 },
      { userId: 'bob', readSeq: 2 },
    ]),
  });
});

test('who is still joining gets it with their own ChannelSynced', async () => {
  const world = await startWorld();
  const channel = world.api.channel(general);
  const joined = deferred();
  const early = await world.connect('ada');
  early.subscribe('1', watchChannel, { channelId: general });
  await early.synced('1');
  world.api.after.set('channel.join', () => joined.promise);
  const late = await world.connect('bob');
  late.subscribe('1', watchChannel, { channelId: general });
  await expect.poll(() => world.api.count('channel.join')).toBe(2);
  channel.reads = [read(general, 'bob', 2)];
  world.bus.cut();
  world.bus.heal();
  await expect.poll(() => synced(early)).toHaveLength(2);
  joined.resolve();
  await late.synced('1');
  expect(pointers(late)).toEqual([{ seq: 0, reads: [{ userId: 'bob', readSeq: 2 }] }]);
});

test('a question that fails is asked again with the next comparison, and then no more', async () => {
  const clock = fakeClock(Date.now());
  const world = await startWorld({ clock });
  const channel = world.api.channel(general);
  const client = await world.connect('ada');
  client.subscribe('1', watchChannel, { channelId: general });
  await client.synced('1');
  channel.reads = [read(general, 'bob', 2)];
  world.api.before.set('channel.reads', () => Promise.reject(new Error('the API stumbles')));
  world.bus.cut();
  world.bus.heal();
  await expect.poll(() => world.api.count('channel.reads')).toBe(2);
  world.api.before.clear();
  const passing = (count: () => number) =>
    expect.poll(
      async () => {
        await clock.advanceAsync(1_000);
        return count();
      },
      { timeout: 20_000 },
    );
  await passing(() => synced(client).length).toBe(2);
  expect(pointers(client)[1]).toEqual({ seq: 0, reads: [{ userId: 'bob', readSeq: 2 }] });
  const compared = world.api.count('channel.heads');
  await passing(() => world.api.count('channel.heads')).toBe(compared + 2);
  expect(world.api.count('channel.reads')).toBe(3);
});

test('however many channels are watched, few ask at the same time, and all do', async () => {
  const world = await startWorld();
  const client = await world.connect('ada');
  const ids = Array.from({ length: 50 }, (_, index) => `messaging:room-${index}`);
  for (const id of ids) {
    client.subscribe(id, watchChannel, { channelId: id });
    await client.synced(id);
    world.api.channel(id).reads = [read(id, 'bob', 0)];
  }
  let asking = 0;
  let most = 0;
  world.api.before.set('channel.reads', async () => {
    asking += 1;
    most = Math.max(most, asking);
    await new Promise(setImmediate);
    asking -= 1;
  });
  world.bus.cut();
  world.bus.heal();
  for (const id of ids) await expect.poll(() => synced(client, id)).toHaveLength(2);
  expect(most).toBeLessThanOrEqual(20);
  expect(world.api.count('channel.reads')).toBe(100);
});
