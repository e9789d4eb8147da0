import { fakeClock } from '@parley/testkit';
import { describe, expect, test, vi } from 'vitest';
import { created } from '../../test/events.ts';
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
    await expect.poll(() => client.seqs('1'), { timeout: 20_000 }).toEqual(upTo(400));
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

  test('a replay that ran ahead of the copies on the bus, and the copies, bring each event once', async () => {
    // The clock stands still, so that the hole is not filled meanwhile.
    const world = await startWorld({ clock: fakeClock(Date.now()) });
    const channel = world.api.channel(general);
    channel.append(...texts(5));
    const ada = await world.connect('ada');
    ada.subscribe('1', watchChannel, { channelId: general });
    await ada.synced('1');
    channel.copies = 'hold';
    channel.append(...texts(3));
    const bob = await world.connect('bob');
    bob.subscribe('1', watchChannel, { channelId: general, after: 0 });
    await bob.synced('1');
    // The log gave bob more than the bus has brought to the topic.
    expect(bob.events('1').at(-1)).toMatchObject({ __typename: 'ChannelSynced', seq: 8 });
    channel.release();
    channel.copies = 'deliver';
    channel.append(created(general, 'ninth'));
    await expect.poll(() => bob.seqs('1')).toEqual(upTo(9));
    await expect.poll(() => ada.seqs('1')).toEqual(upTo(9, 6));
  });
});
