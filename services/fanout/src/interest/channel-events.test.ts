import { fakeClock } from '@parley/testkit';
import { describe, expect, test, vi } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { created, deleted, read, removed, typing } from '../../test/events.ts';
import { startWorld, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';
const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const texts = (count: number) => upTo(count).map((n) => created(general, `message ${n}`));

describe('replay', () => {
  test('without `after` one starts at the head', async () => {
    const world = await startWorld();
    world.api.channel(general).append(...texts(3));
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
    world.api.channel(general).append(created(general, 'fourth'));
    await expect.poll(() => client.seqs('1')).toEqual([4]);
    expect(client.events('1')[0]).toMatchObject({ __typename: 'ChannelSynced', seq: 3, channelId: general });
  });

  test('with `after` one gets what follows, over many pages, then ChannelSynced, then what is new', async () => {
    const world = await startWorld();
    world.api.pageSize = 7;
    world.api.channel(general).append(...texts(100));
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general, after: 10 });
    await client.synced('1');
    world.api.channel(general).append(created(general, 'live'));
    await expect.poll(() => client.seqs('1')).toEqual(upTo(101, 11));
    expect(client.events('1')[90]).toMatchObject({ __typename: 'ChannelSynced', seq: 100 });
  });

  test('what is sent while the past is replayed comes after it, once', async () => {
    const world = await startWorld();
    world.api.pageSize = 10;
    const channel = world.api.channel(general);
    channel.append(...texts(100));
    world.api.before.set('channel.events', () => void channel.append(created(general, 'meanwhile')));
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general, after: 0 });
    await client.synced('1');
    await expect.poll(() => client.seqs('1').length).toBeGreaterThanOrEqual(109);
    world.api.before.clear();
    channel.append(created(general, 'last'));
    await expect.poll(() => client.seqs('1')).toEqual(upTo(channel.head));
  });

  test('more than can be kept while replaying is asked for again', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    channel.append(...texts(5));
    const flood = vi.fn(() => {
      if (flood.mock.calls.length === 1) for (let batch = 0; batch < 12; batch += 1) channel.append(...texts(50));
    });
    world.api.before.set('channel.join', flood);
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general, after: 0 });
    await client.synced('1');
    await expect.poll(() => client.seqs('1')).toEqual(upTo(605));
  });

  test('cut at every point of a burst of 200, a client misses nothing and sees nothing twice', {
    timeout: 60_000,
  }, async () => {
    const world = await startWorld({ limits: { socketsPerUser: 1_000 } });
    const channel = world.api.channel(general);
    for (let cutAt = 0; cutAt < 200; cutAt += 8) {
      const start = channel.head;
      // All cuts of this round happen within one burst, each at its own place.
      const cuts = upTo(8).map((offset) => cutAt + offset - 1);
      const clients = await Promise.all(cuts.map(() => world.connect('ada')));
      for (const client of clients) client.subscribe('1', watchChannel, { channelId: general, after: start });
      await Promise.all(clients.map((client) => client.synced('1')));
      for (let sent = 0; sent < 200; sent += 1) {
        channel.append(created(general, `message ${sent}`));
        const victim = cuts.indexOf(sent);
        if (victim >= 0) clients[victim]?.vanish();
        if (sent % 10 === 9) await new Promise(setImmediate);
      }
      await Promise.all(
        clients.map(async (client) => {
          await client.closed;
          const before = client.seqs('1').map(Number);
          const again = await world.connect('ada');
          again.subscribe('1', watchChannel, { channelId: general, after: before.at(-1) ?? start });
          await again.synced('1');
          await expect.poll(() => [...before, ...again.seqs('1')]).toEqual(upTo(start + 200, start + 1));
          again.vanish();
        }),
      );
    }
  });

  test('a position before the floor of the log gets ChannelReset with the head, then what is new', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    channel.append(...texts(50));
    channel.floor = 20;
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general, after: 5 });
    await client.synced('1');
    expect(client.events('1')[0]).toMatchObject({ __typename: 'ChannelReset', seq: 50 });
    channel.append(created(general, 'new'));
    await expect.poll(() => client.seqs('1')).toEqual([51]);
  });

  test('a log that is pruned while it is replayed ends in ChannelReset, not in a hole', async () => {
    const world = await startWorld();
    world.api.pageSize = 10;
    const channel = world.api.channel(general);
    channel.append(...texts(50));
    world.api.before.set('channel.events', () => {
      if (world.api.count('channel.events') > 1) channel.floor = 40;
    });
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general, after: 0 });
    await client.synced('1');
    expect(client.seqs('1')).toEqual(upTo(10));
    expect(client.events('1')[10]).toMatchObject({ __typename: 'ChannelReset', seq: 50 });
  });

  test('a position ahead of the log (a restored backup) gets ChannelReset', async () => {
    const world = await startWorld();
    world.api.channel(general).append(...texts(3));
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general, after: 9 });
    await client.synced('1');
    expect(client.events('1')[0]).toMatchObject({ __typename: 'ChannelReset', seq: 3 });
  });

  test('a large replay waits for a client that reads slowly, and comes whole', async () => {
    const world = await startWorld({ limits: { socketBufferedBytes: 64 * 1024 } });
    const channel = world.api.channel(general);
    channel.append(...upTo(400).map((n) => created(general, `${n} ${'x'.repeat(9_000)}`)));
    const client = await world.connect('ada');
    client.socket.pause();
    client.subscribe('1', watchChannel, { channelId: general, after: 0 });
    await expect.poll(() => world.fanout.stats().deliveries).toBeGreaterThan(5);
    client.socket.resume();
    await expect.poll(() => client.seqs('1'), { timeout: 10_000 }).toEqual(upTo(400));
  });

  test.each([
    ['a negative one', -1],
    ['a fraction', 1.5],
    ['a string', '5'],
  ])('an `after` that is no position is refused: %s', async (_what, after) => {
    const world = await startWorld();
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general, after });
    expect(await client.failure('1')).toMatchObject({ extensions: { code: 'invalid_input', field: 'after' } });
  });
});

describe('what the bus does to copies', () => {
  test('reordered copies are put in order', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
    channel.copies = 'hold';
    channel.append(...texts(50));
    channel.release((held) => held.toSorted((a, b) => ((a.seq * 7) % 13) - ((b.seq * 7) % 13)));
    await expect.poll(() => client.seqs('1')).toEqual(upTo(50));
    expect(world.api.count('channel.events')).toBe(0);
  });

  test('copies that come twice are given out once', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
    const events = channel.append(...texts(3));
    channel.publish(events);
    channel.append(created(general, 'fourth'));
    await expect.poll(() => client.seqs('1')).toEqual(upTo(4));
  });

  test('copies that are late reach who is behind them, and not who has replayed them meanwhile', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    const early = await world.connect('ada');
    early.subscribe('1', watchChannel, { channelId: general });
    await early.synced('1');
    channel.copies = 'hold';
    channel.append(...texts(3));
    const late = await world.connect('bob');
    late.subscribe('1', watchChannel, { channelId: general, after: 0 });
    await late.synced('1');
    channel.release();
    channel.copies = 'deliver';
    channel.append(created(general, 'fourth'));
    for (const client of [early, late]) await expect.poll(() => client.seqs('1')).toEqual(upTo(4));
  });

  test('lost copies are fetched from the log after 200 ms', async () => {
    const clock = fakeClock(Date.now());
    const world = await startWorld({ clock });
    const channel = world.api.channel(general);
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
    channel.copies = 'drop';
    channel.append(...texts(3));
    channel.copies = 'deliver';
    channel.append(created(general, 'fourth'));
    await clock.advanceAsync(199);
    expect(client.seqs('1')).toEqual([]);
    await clock.advanceAsync(1);
    await expect.poll(() => client.seqs('1')).toEqual(upTo(4));
    expect(world.fanout.stats().repairs).toBe(1);
  });

  test('a repair that fails is tried again until it succeeds', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
    let failures = 2;
    world.api.before.set('channel.events', () => {
      failures -= 1;
      if (failures >= 0) throw new Error('the API stumbles');
    });
    channel.copies = 'drop';
    channel.append(created(general, 'lost'));
    channel.copies = 'deliver';
    channel.append(created(general, 'seen'));
    await expect.poll(() => client.seqs('1'), { timeout: 5_000 }).toEqual([1, 2]);
  });

  test('a lost last copy, after which nothing shows that it is missing, is found by comparing heads', async () => {
    const clock = fakeClock(Date.now());
    const world = await startWorld({ clock });
    const channel = world.api.channel(general);
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
    channel.copies = 'drop';
    channel.append(created(general, 'lost'));
    await clock.advanceAsync(9_000);
    expect(client.seqs('1')).toEqual([]);
    await clock.advanceAsync(1_000);
    await expect
      .poll(async () => {
        await clock.advanceAsync(1);
        return client.seqs('1');
      })
      .toEqual([1]);
  });

  test('what was published while the bus was away comes as soon as it is back', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
    world.bus.cut();
    channel.append(...texts(5));
    world.bus.heal();
    await expect.poll(() => client.seqs('1')).toEqual(upTo(5));
    expect(world.api.count('channel.heads')).toBe(1);
  });

  test('while the bus is away a new subscription is refused with a code that says to come again', async () => {
    const world = await startWorld();
    const client = await world.connect('ada');
    world.bus.cut();
    client.subscribe('1', watchChannel, { channelId: general });
    expect(await client.failure('1')).toMatchObject({ extensions: { code: 'unavailable', retryable: true } });
  });

  test('a hole that the log cannot fill any more resets whoever was before it', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    channel.append(...texts(2));
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
    channel.copies = 'drop';
    channel.append(...texts(10));
    channel.floor = 8;
    channel.copies = 'deliver';
    channel.append(created(general, 'after the hole'));
    await expect.poll(() => client.events('1').at(-1)).toMatchObject({ __typename: 'ChannelReset', seq: 13 });
    channel.append(created(general, 'next'));
    await expect.poll(() => client.seqs('1')).toEqual([14]);
  });
});

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

  test('a removed member sees nothing more within a second, the others go on', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    const ada = await world.connect('ada');
    const bob = await world.connect('bob');
    for (const client of [ada, bob]) {
      client.subscribe('1', watchChannel, { channelId: general });
      await client.synced('1');
    }
    channel.readers = new Set(['ada']);
    const before = performance.now();
    channel.append(removed('bob'));
    expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });
    expect(performance.now() - before).toBeLessThan(1_000);
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

describe('ephemeral events', () => {
  test('typing arrives, and ends by itself after 7 s of silence', async () => {
    const clock = fakeClock(Date.now());
    const world = await startWorld({ clock });
    const channel = world.api.channel(general);
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
    const seen = () =>
      client.events('1').flatMap((event) => (event['__typename'] === 'TypingChanged' ? [event['typing']] : []));
    channel.publish([typing(general, 'bob')]);
    await expect.poll(seen).toEqual([true]);
    await clock.advanceAsync(5_000);
    channel.publish([typing(general, 'bob')]);
    await expect.poll(seen).toEqual([true, true]);
    await clock.advanceAsync(6_999);
    expect(seen()).toEqual([true, true]);
    await clock.advanceAsync(1);
    await expect.poll(seen).toEqual([true, true, false]);
  });

  test('who says that they stopped is not stopped again', async () => {
    const clock = fakeClock(Date.now());
    const world = await startWorld({ clock });
    const channel = world.api.channel(general);
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
    channel.publish([typing(general, 'bob')]);
    channel.publish([typing(general, 'bob', false)]);
    await clock.advanceAsync(8_000);
    channel.append(created(general, 'end'));
    await expect.poll(() => client.seqs('1')).toEqual([1]);
    expect(client.events('1').filter(({ __typename }) => __typename === 'TypingChanged')).toHaveLength(2);
  });

  test('read pointers are absolute in ChannelSynced, with what moved while one was joining', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    channel.append(...texts(9));
    channel.reads = [read(general, 'ada', 3), read(general, 'bob', 4)];
    const joined = deferred();
    world.api.before.set('channel.join', () => {
      channel.publish([read(general, 'bob', 7)]);
      return joined.promise;
    });
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general });
    await expect.poll(() => world.api.count('channel.join')).toBe(1);
    joined.resolve();
    await client.synced('1');
    expect(client.events('1')[0]?.['reads']).toEqual(
      expect.arrayContaining([
        { userId: 'ada', readSeq: 3 },
        { userId: 'bob', readSeq: 7 },
      ]),
    );
    channel.publish([read(general, 'ada', 9)]);
    await expect.poll(() => client.events('1').at(-1)).toMatchObject({ __typename: 'ReadAdvanced', readSeq: 9 });
  });
});
