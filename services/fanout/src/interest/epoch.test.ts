import type { InboxEvent } from '@parley/contracts';
import { fakeClock } from '@parley/testkit';
import { describe, expect, test } from 'vitest';
import { created } from '../../test/events.ts';
import type { FakeChannel } from '../../test/fake-channel.ts';
import { startWorld, type World, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';
const at = '2026-01-01T00:00:00.000Z';
const texts = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => created(general, `message ${from + index}`));

/** The log is set back to `seq`, as by a restored backup, and grows again, which the bus says nothing of. */
function setBack({ api }: World, channel: FakeChannel, seq: number, grownBy: number): void {
  channel.events = channel.events.slice(0, seq);
  api.epoch = `after ${api.epoch}`;
  channel.copies = 'drop';
  channel.append(...Array.from({ length: grownBy }, (_, index) => created(general, `other ${seq + index + 1}`)));
  channel.copies = 'deliver';
}

async function watching(options: Parameters<typeof startWorld>[0] = {}) {
  const world = await startWorld(options);
  const channel = world.api.channel(general);
  channel.append(...texts(5));
  const ada = await world.connect('ada');
  ada.subscribe('1', watchChannel, { channelId: general });
  await ada.synced('1');
  channel.append(...texts(6, 6));
  await expect.poll(() => ada.seqs('1')).toEqual([6, 7, 8, 9, 10, 11]);
  return { world, channel, ada };
}

describe('a log that was set back', () => {
  test('resets who watches it with the first copy of the new epoch, and goes on from there', async () => {
    const { world, channel, ada } = await watching();
    setBack(world, channel, 8, 5);
    channel.append(created(general, 'the first that is heard of'));
    await expect
      .poll(() => ada.events('1').find(({ __typename }) => __typename === 'ChannelReset'))
      .toMatchObject({ seq: 14, epoch: 'after one' });
    channel.append(created(general, 'next'));
    await expect.poll(() => ada.seqs('1')).toEqual([6, 7, 8, 9, 10, 11, 15]);
  });

  test('resets who watches it within ten seconds when nothing happens there', async () => {
    const clock = fakeClock(Date.parse(at));
    const { world, channel, ada } = await watching({ clock });
    setBack(world, channel, 8, 6);
    await clock.advanceAsync(10_000);
    await expect
      .poll(async () => {
        await clock.advanceAsync(1);
        return ada.events('1').at(-1);
      })
      .toMatchObject({ __typename: 'ChannelReset', seq: 14, epoch: 'after one' });
  });

  test('gives who comes later nothing of what was there before', async () => {
    const { world, channel, ada } = await watching();
    setBack(world, channel, 8, 6);
    channel.append(created(general, 'other 15'));
    await expect.poll(() => ada.events('1').at(-1)).toMatchObject({ __typename: 'ChannelReset' });
    const bob = await world.connect('bob');
    bob.subscribe('1', watchChannel, { channelId: general, after: 0 });
    await bob.synced('1');
    expect(bob.seqs('1')).toEqual(channel.events.map(({ seq }) => seq));
    expect(bob.texts.join()).not.toContain('message 9');
    expect(bob.texts.join()).toContain('other 9');
  });

  test('takes no copy of the epoch that is over, however late it comes', async () => {
    const { world, channel, ada } = await watching();
    const phantom = channel.append(created(general, 'phantom 12'));
    await expect.poll(() => ada.seqs('1').at(-1)).toBe(12);
    setBack(world, channel, 8, 0);
    channel.append(created(general, 'other 9'));
    await expect.poll(() => ada.events('1').at(-1)).toMatchObject({ __typename: 'ChannelReset', seq: 9 });
    const current = world.api.epoch;
    world.api.epoch = 'one';
    channel.publish(phantom);
    world.api.epoch = current;
    channel.append(created(general, 'other 10'));
    await expect.poll(() => ada.seqs('1').at(-1)).toBe(10);
    expect(ada.events('1').filter(({ __typename }) => __typename === 'ChannelReset')).toHaveLength(1);
    expect(world.api.count('channel.heads')).toBe(2);
  });
});

describe('a position to resume from', () => {
  test.each([
    ['of another epoch is answered with a reset, though the log is longer', { after: 11, epoch: 'before' }, true],
    ['of this epoch goes on', { after: 11, epoch: 'one' }, false],
    ['of no epoch goes on, as clients do that know of none', { after: 11 }, false],
    ['of no epoch beyond the end of the log is answered with a reset', { after: 15 }, true],
  ])('%s', async (_name, position, isReset) => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    channel.append(...texts(14));
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general, ...position });
    await client.synced('1');
    const [first] = client.events('1');
    if (isReset) expect(first).toMatchObject({ __typename: 'ChannelReset', seq: 14, epoch: 'one' });
    else expect(client.seqs('1')).toEqual([12, 13, 14]);
    expect(client.events('1').at(-1)).toMatchObject({ __typename: 'ChannelSynced', seq: 14, epoch: 'one' });
  });

  test('whose log is set back while it is replayed begins anew', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    channel.append(...texts(14));
    let asked = 0;
    world.api.before.set('channel.events', () => {
      asked += 1;
      if (asked === 1) setBack(world, channel, 8, 2);
    });
    const client = await world.connect('ada');
    client.subscribe('1', watchChannel, { channelId: general, after: 0, epoch: 'one' });
    await client.synced('1');
    expect(client.events('1').map(({ __typename }) => __typename)).toEqual(['ChannelReset', 'ChannelSynced']);
    expect(client.events('1')[0]).toMatchObject({ seq: 10, epoch: 'after one' });
  });
});

describe('an inbox', () => {
  const watchInbox = 'subscription { inbox { __typename cursor ... on InboxSynced { epoch } } }';
  const totals = (cursor: string): InboxEvent => ({
    __typename: 'UnreadChanged',
    at,
    cursor,
    totalUnread: 0,
    unreadChannels: 0,
  });
  const synced = (epoch: string): InboxEvent => ({ __typename: 'InboxSynced', at, cursor: `synced ${epoch}`, epoch });
  const asked = (world: World) =>
    world.api.calls.flatMap((call) => (call.method === 'inbox.open' ? [call.request.after] : []));

  async function watchingInbox(clock?: ReturnType<typeof fakeClock>) {
    const world = await startWorld(clock === undefined ? {} : { clock });
    world.api.inboxPages = [[synced('one')]];
    const client = await world.connect('ada');
    client.subscribe('1', watchInbox);
    await expect
      .poll(async () => {
        await clock?.advanceAsync(100);
        return client.events('1');
      })
      .toHaveLength(1);
    world.api.inboxPages = [[synced('two')]];
    return { world, client };
  }

  test('receives all anew from its cursor of the epoch that is over, and meanwhile nothing that would hide that it was not', async () => {
    const { world, client } = await watchingInbox();
    world.api.notifyUser('ada', { kind: 'inbox', epoch: 'two', events: [totals('of epoch two')] });
    await expect.poll(() => client.events('1').length, { timeout: 20_000 }).toBe(2);
    expect(client.events('1')[1]).toMatchObject({ __typename: 'InboxSynced', epoch: 'two' });
    expect(asked(world)).toEqual([null, 'synced one']);
    world.api.notifyUser('ada', { kind: 'inbox', epoch: 'two', events: [totals('live again')] });
    await expect.poll(() => client.events('1').at(-1)).toMatchObject({ cursor: 'live again' });
  });

  test('receives all anew within some seconds when nobody writes', async () => {
    const clock = fakeClock(Date.parse(at));
    const { world, client } = await watchingInbox(clock);
    world.api.epoch = 'two';
    await clock.advanceAsync(12_000);
    await expect
      .poll(async () => {
        await clock.advanceAsync(100);
        return client.events('1').at(-1);
      })
      .toMatchObject({ __typename: 'InboxSynced', epoch: 'two' });
    expect(asked(world)).toEqual([null, 'synced one']);
  });
});
