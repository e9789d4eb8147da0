import { fakeClock } from '@parley/testkit';
import { describe, expect, test } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { created, deleted, removed } from '../../test/events.ts';
import { startWorld, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';

describe('access', () => {
  test('who may not read the channel is told which permission is missing', async () => {
    const world = await startWorld();
    world.api.channel(general).readers = new Set(['bob']);
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    expect(await client.failure('1')).toMatchObject({
      message: expect.stringMatching(/^unable to /),
      extensions: { code: 'forbidden', permission: 'read-channel', retryable: false },
    });
    expect(world.fanout.stats()).toMatchObject({ topics: 0, operations: 0 });
  });

  test('a malformed channel id is refused by name of the field', async () => {
    const world = await startWorld();
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: 'no colon' });
    expect(await client.failure('1')).toMatchObject({ extensions: { code: 'invalid_input', field: 'channelId' } });
  });

  test('a removal whose copy was lost ends the subscription when the log is asked', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    const ada = await world.connect('ada');
    const bob = await world.connect('bob');
    for (const client of [ada, bob]) {
      client.subscribe('1', watchChannel, { channelId: general });
      await client.synced('1');
    }
    world.bus.cut();
    channel.readers = new Set(['ada']);
    channel.append(removed('bob'));
    world.bus.heal();
    expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });
    channel.append(created(general, 'among us'));
    await expect.poll(() => ada.seqs('1')).toEqual([1, 2]);
    expect(bob.seqs('1')).not.toContain(2);
  });

  test('a removal that is pruned before it was learnt ends the subscription all the same', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    const bob = await world.connect('bob');
    bob.subscribe('1', watchChannel, { channelId: general });
    await bob.synced('1');
    world.bus.cut();
    channel.readers = new Set(['ada']);
    channel.append(removed('bob'), created(general, 'among us'));
    channel.floor = 1;
    world.bus.heal();
    expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });
  });

  test('a removed member is cut off at once, the others go on', async () => {
    const world = await startWorld({ clock: fakeClock(Date.now()) });
    const channel = world.api.channel(general);
    const ada = await world.connect('ada');
    const bob = await world.connect('bob');
    for (const client of [ada, bob]) {
      client.subscribe('1', watchChannel, { channelId: general });
      await client.synced('1');
    }
    channel.readers = new Set(['ada']);
    channel.append(removed('bob'));
    // The clock stands still: no timer is waited for.
    expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });
    channel.append(created(general, 'among us'));
    await expect.poll(() => ada.seqs('1')).toEqual([1, 2]);
    expect(bob.seqs('1')).not.toContain(2);
    expect(bob.socket.readyState).toBe(bob.socket.OPEN);
  });

  test('a removal behind a hole, or heard only in the inbox, cuts just as well', async () => {
    const clock = fakeClock(Date.now());
    const world = await startWorld({ clock });
    const channel = world.api.channel(general);
    const bob = await world.connect('bob');
    bob.subscribe('1', watchChannel, { channelId: general });
    await bob.synced('1');
    channel.copies = 'drop';
    channel.append(created(general, 'lost'));
    channel.copies = 'deliver';
    channel.readers = new Set();
    channel.append(removed('bob'));
    expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });

    channel.readers = null;
    bob.subscribe('2', watchChannel, { channelId: general });
    await bob.synced('2');
    channel.readers = new Set();
    const time = '2026-01-01T00:00:00.000Z';
    const left = { __typename: 'ChannelLeft', at: time, cursor: 'c', channelId: general, reason: 'removed' } as const;
    world.api.notifyUser('bob', { kind: 'inbox', events: [left] });
    expect(await bob.failure('2')).toMatchObject({ extensions: { code: 'forbidden' } });
  });

  test('when nobody can say whether a removed member may still watch, the answer is no', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    const bob = await world.connect('bob');
    bob.subscribe('1', watchChannel, { channelId: general });
    await bob.synced('1');
    const never = deferred();
    world.api.before.set('channel.authorize', () => never.promise);
    channel.append(removed('bob'));
    expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'timeout', retryable: true } });
    never.resolve();
  });

  test('a deleted channel says so and ends', async () => {
    const world = await startWorld();
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
    world.api.channel(general).append(deleted());
    expect(await client.failure('1')).toMatchObject({ extensions: { code: 'not_found' } });
    expect(client.events('1').at(-1)).toMatchObject({ __typename: 'ChannelDeleted', seq: 1 });
  });

  test('a deletion whose copy was lost is found by comparing heads', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
    channel.copies = 'drop';
    channel.append(deleted());
    world.bus.cut();
    world.bus.heal();
    expect(await client.failure('1')).toMatchObject({ extensions: { code: 'not_found' } });
  });
});
