import { fakeClock } from '@parley/testkit';
import { expect, test, vi } from 'vitest';
import { created, read } from '../../test/events.ts';
import { startWorld, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';

async function watching() {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  const world = await startWorld({ clock });
  const channel = world.api.channel(general);
  channel.append(created(general, 'first'), created(general, 'second'));
  const client = await world.connect('ada');
  client.subscribe('1', watchChannel, { channelId: general });
  await client.synced('1');
  const round = async () => {
    const before = world.api.count('channel.recentReads');
    await vi.waitFor(async () => {
      await clock.advanceAsync(1_000);
      expect(world.api.count('channel.recentReads')).toBeGreaterThan(before);
    });
    await clock.advanceAsync(1_000);
  };
  const seen = () => client.events('1').filter(({ __typename }) => __typename === 'ReadAdvanced');
  return { world, channel, client, round, seen };
}

test('a last read pointer that the bus silently lost is sent all the same, once', async () => {
  const { channel, round, seen } = await watching();
  await round();
  channel.reads = [read(general, 'bob', 2)];
  await round();
  await expect.poll(seen).toMatchObject([{ userId: 'bob', readSeq: 2 }]);
  await round();
  await round();
  expect(seen()).toHaveLength(1);
});

test('a pointer that was sent is not sent again, and a newer one is not taken back', async () => {
  const { channel, client, round, seen } = await watching();
  await round();
  channel.publish([read(general, 'bob', 2)]);
  await expect.poll(seen).toHaveLength(1);
  channel.reads = [read(general, 'bob', 1)];
  await round();
  channel.reads = [read(general, 'bob', 2)];
  await round();
  // In order on one connection: had something been sent, it would be here before this.
  channel.append(created(general, 'third'));
  await expect.poll(() => client.seqs('1')).toEqual([3]);
  expect(seen()).toHaveLength(1);
});
