import type { RecentInboxes } from '@parley/contracts/bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { createRoom } from '../../../test/room.ts';
import { createWorld, type World } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const minuteAgo = () => new Date(Date.now() - 60_000).toISOString();

/** Ada and Bob in a channel; both are on the node. */
async function party() {
  const room = await createRoom(world);
  const { appId } = room.app;
  const arrive = (nodeId: string, ...userIds: readonly string[]) =>
    world.call('presence.renew', { nodeId, ttlMs: 60_000, users: userIds.map((userId) => ({ appId, userId })) });
  await arrive('node', 'ada', 'bob');
  const ask = async (since: string | null = minuteAgo(), nodeId = 'node') => {
    const numbers: RecentInboxes['numbers'][number][] = [];
    const totals: RecentInboxes['totals'][number][] = [];
    let page: string | null = null;
    for (;;) {
      // A database that is busy answers no question for a while, and is asked again, as a node does.
      const question = { nodeId, appIds: [appId], since, page };
      const reply: RecentInboxes = await eventually(() => world.call('inbox.recent', question));
      numbers.push(...reply.numbers);
      totals.push(...reply.totals);
      if (reply.next === null) return { ...reply, numbers, totals };
      page = reply.next;
    }
  };
  /** As if everything so far had happened so long ago. */
  const pass = async (seconds: number) => {
    const by = `$2 * interval '1 second'`;
    await world.db.query(`UPDATE channel_events SET at = at - ${by} WHERE app_id = $1`, [appId, seconds]);
    await world.db.query(
      `UPDATE members SET updated_at = updated_at - ${by}, read_at = read_at - ${by} WHERE app_id = $1`,
      [appId, seconds],
    );
  };
  const open = (key: string) =>
    room.act<{ id: string }>('createChannel', { type: 'messaging', key, memberIds: ['bob'] });
  return { ...room, appId, arrive, ask, pass, open };
}

const brief = ({ numbers }: Pick<RecentInboxes, 'numbers'>) =>
  numbers.map(({ userId, channelId, seq, unreadCount, left }) => [userId, channelId, seq, unreadCount, left]);

test('a change is shown once it has been quiet for some seconds, with the numbers as they are', async () => {
  const { act, ask, pass, open } = await party();
  const { id: channelId } = await open('one');
  await act('sendMessage', { channelId, text: 'hello @bob', mentionedUserIds: ['bob'] });
  expect(await ask()).toMatchObject({ numbers: [], totals: [] });
  await pass(6);
  const { numbers, totals } = await ask();
  expect(brief({ numbers })).toEqual([
    ['ada', channelId, 2, 0, false],
    ['bob', channelId, 2, 1, false],
  ]);
  expect(numbers[1]).toMatchObject({ unreadMentions: 1 });
  expect(totals).toMatchObject([
    { userId: 'ada', totalUnread: 0, unreadChannels: 0 },
    { userId: 'bob', totalUnread: 1, unreadChannels: 1 },
  ]);
});

test('a channel that goes on is left to its next news, and its members keep the numbers of their other channels', async () => {
  const { act, ask, pass, open } = await party();
  const [{ id: quiet }, { id: busy }] = [await open('quiet'), await open('busy')];
  await act('sendMessage', { channelId: quiet, text: 'one' });
  await pass(6);
  await act('sendMessage', { channelId: busy, text: 'two' });
  const { numbers, totals } = await ask();
  expect(brief({ numbers })).toEqual([
    ['ada', quiet, 2, 0, false],
    ['bob', quiet, 2, 1, false],
  ]);
  expect(totals).toEqual([]);
});

test('who reads on another device, who left, and whose channel is deleted is shown too', async () => {
  const { act, ask, pass, open } = await party();
  const [{ id: read }, { id: left }, { id: deleted }] = [await open('read'), await open('left'), await open('over')];
  await act('sendMessage', { channelId: read, text: 'one' });
  await pass(60);
  await act('markRead', { channelId: read }, 'bob');
  await act('removeMembers', { channelId: left, userIds: ['bob'] });
  await act('deleteChannel', { channelId: deleted });
  await pass(6);
  expect(brief(await ask(new Date(Date.now() - 30_000).toISOString()))).toEqual([
    ['ada', left, expect.any(Number), 0, false],
    ['ada', deleted, expect.any(Number), 0, true],
    ['bob', left, expect.any(Number), 0, true],
    ['bob', deleted, expect.any(Number), 0, true],
    ['bob', read, 2, 0, false],
  ]);
});

test('only users of the node that asks, of its apps, and only while they are there', async () => {
  const [one, two] = [await party(), await party()];
  await one.arrive('other', 'eve');
  for (const { act, open, pass } of [one, two]) {
    const { id: channelId } = await open('room');
    await act('addMembers', { channelId, members: [{ userId: 'eve' }] });
    await pass(6);
  }
  const seen = async (nodeId: string) => (await one.ask(minuteAgo(), nodeId)).numbers.map(({ userId }) => userId);
  expect(await seen('node')).toEqual(['ada', 'bob']);
  expect(await seen('other')).toEqual(['eve']);
  await world.call('presence.release', { nodeId: 'node', users: [{ appId: one.appId, userId: 'bob' }] });
  expect(await seen('node')).toEqual(['ada']);
});

test('the first question is answered with where to begin, and a later one misses no slow transaction between', async () => {
  const { act, ask, pass, open } = await party();
  const { id: channelId } = await open('one');
  await act('sendMessage', { channelId, text: 'one' });
  await pass(14);
  const { since, numbers } = await ask(null);
  expect(numbers).toEqual([]);
  expect(brief(await ask(since))).toHaveLength(2);
  expect((await ask(since)).since > since).toBe(true);
});

test('thousands of numbers come page by page, each once', async () => {
  const { appId, ask, pass } = await party();
  await world.db.query(
    `INSERT INTO channels (app_id, channel_id, type, key) SELECT $1, 'messaging:' || n, 'messaging', n FROM generate_series(10000, 12499) n`,
    [appId],
  );
  await world.db.query(
    `INSERT INTO members (app_id, channel_id, user_id) SELECT app_id, channel_id, 'bob' FROM channels WHERE app_id = $1`,
    [appId],
  );
  await pass(6);
  const { numbers } = await ask();
  expect(new Set(numbers.map(({ channelId }) => channelId)).size).toBe(2_500);
  expect(numbers).toHaveLength(2_500);
});

test('a page of other making is refused', async () => {
  const question = { nodeId: 'node', appIds: ['app'], since: minuteAgo(), page: 'nonsense' };
  await expect(world.call('inbox.recent', question)).rejects.toMatchObject({ code: 'invalid_input' });
});
