import { fakeClock } from '@parley/testkit';
import { describe, expect, test } from 'vitest';
import { created } from '../../test/events.ts';
import { startWorld, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';
const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const texts = (count: number) => upTo(count).map((n) => created(general, `message ${n}`));

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
    await expect.poll(() => client.seqs('1'), { timeout: 20_000 }).toEqual([1, 2]);
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
