import type { InboxEvent } from '@parley/contracts';
import type { RecentInboxes } from '@parley/contracts/bus';
import { fakeClock } from '@parley/testkit';
import { expect, test, vi } from 'vitest';
import { appId } from '../../test/fake-api.ts';
import { startWorld } from '../../test/world.ts';

const start = Date.UTC(2026, 0, 1);
const time = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
const channelId = 'messaging:general';
const bumped = (seconds: number, unreadCount: number): InboxEvent => ({
  __typename: 'ChannelBumped',
  at: time(seconds),
  cursor: `bump ${unreadCount}`,
  channelId,
  seq: 7,
  unreadCount,
  unreadMentions: 0,
  lastMessage: null,
});
const totals = (seconds: number, totalUnread: number): InboxEvent => ({
  __typename: 'UnreadChanged',
  at: time(seconds),
  cursor: `totals ${totalUnread}`,
  totalUnread,
  unreadChannels: 1,
});
const synced: InboxEvent = { __typename: 'InboxSynced', at: time(0), cursor: 'opened', epoch: 'one' };
const recent = (seconds: number, unreadCount: number): Partial<RecentInboxes> => ({
  at: time(seconds),
  since: time(seconds - 17),
  numbers: [
    { appId, userId: 'ada', channelId, changedAt: time(1), left: false, seq: 7, unreadCount, unreadMentions: 0 },
  ],
  totals: [{ appId, userId: 'ada', totalUnread: unreadCount, unreadChannels: 1 }],
});

const watchInbox = `subscription Inbox($after: String) { inbox(after: $after) {
  __typename ... on ChannelBumped { unreadCount } ... on UnreadChanged { totalUnread } } }`;

/** Ada watches her inbox; a fake clock, and what she sees. */
async function watching() {
  const clock = fakeClock(start);
  const world = await startWorld({ clock });
  world.api.inboxPages = [[totals(0, 0), synced]];
  const client = await world.connect('ada');
  client.subscribe('1', watchInbox);
  const passes = (check: () => void) =>
    vi.waitFor(async () => {
      await clock.advanceAsync(100);
      check();
    });
  const opened = () => world.api.count('inbox.open');
  await passes(() => expect(client.events('1')).toHaveLength(2));
  /** Until the node has compared once more, and would have asked for what it missed. */
  const round = async () => {
    const before = world.api.count('inbox.recent');
    await vi.waitFor(async () => {
      await clock.advanceAsync(1_000);
      expect(world.api.count('inbox.recent')).toBeGreaterThan(before);
    });
    await clock.advanceAsync(2_000);
  };
  const notify = (...events: readonly InboxEvent[]) => world.api.notifyUser('ada', { kind: 'inbox', events });
  const numbers = () => client.events('1').flatMap((event) => ('unreadCount' in event ? [event['unreadCount']] : []));
  return { world, clock, client, passes, opened, round, notify, numbers };
}

test('a last number that the bus silently lost is sent all the same', async () => {
  const { world, passes, opened, round, numbers } = await watching();
  // Where it begins.
  await round();
  world.api.recent = recent(12, 3);
  world.api.inboxPages = [[bumped(13, 3), totals(13, 3), synced]];
  await round();
  await passes(() => expect(numbers()).toEqual([3]));
  expect(opened()).toBe(2);
  expect(world.api.calls.findLast(({ method }) => method === 'inbox.open')?.request).toMatchObject({
    after: 'since then',
  });
  expect(world.fanout.stats().inboxRepairs).toBe(1);
  await round();
  expect(opened()).toBe(2);
});

test('a user who was sent everything is not asked for again', async () => {
  const { world, passes, opened, round, notify, numbers } = await watching();
  await round();
  notify(bumped(5, 3), totals(5, 3));
  await passes(() => expect(numbers()).toEqual([3]));
  world.api.recent = recent(12, 3);
  await round();
  await round();
  expect(opened()).toBe(1);
});

test('totals that were lost while the number of the channel came are sent', async () => {
  const { world, passes, opened, round, notify } = await watching();
  await round();
  notify(bumped(5, 3));
  world.api.recent = recent(12, 3);
  world.api.inboxPages = [[totals(13, 3), synced]];
  await round();
  await passes(() => expect(opened()).toBe(2));
});

test('while the API is away it goes on asking from where it was', async () => {
  const { world, clock, passes, round, numbers } = await watching();
  await round();
  const asked = () =>
    world.api.calls.flatMap((call) => (call.method === 'inbox.recent' ? [call.request.since] : [])).slice(1);
  world.api.before.set('inbox.recent', () => Promise.reject(new Error('the API is away')));
  await clock.advanceAsync(14_000);
  const during = asked().length;
  expect(during).toBeGreaterThan(1);
  world.api.before.clear();
  world.api.recent = recent(40, 2);
  world.api.inboxPages = [[bumped(41, 2), totals(41, 2), synced]];
  await clock.advanceAsync(2_000);
  await passes(() => expect(numbers()).toEqual([2]));
  const [first, ...others] = asked().slice(0, during + 1);
  expect(first).toBeTypeOf('string');
  expect(new Set(others)).toEqual(new Set([first]));
});

test('a node where nobody watches an inbox asks nothing', async () => {
  const clock = fakeClock(start);
  const world = await startWorld({ clock });
  await clock.advanceAsync(30_000);
  expect(world.api.count('inbox.recent')).toBe(0);
});
