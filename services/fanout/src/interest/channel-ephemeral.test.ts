import { fakeClock } from '@parley/testkit';
import { describe, expect, test } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { created, read, typing } from '../../test/events.ts';
import { startWorld, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';
const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const texts = (count: number) => upTo(count).map((n) => created(general, `message ${n}`));

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
