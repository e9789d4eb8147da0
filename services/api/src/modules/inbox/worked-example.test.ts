import { afterAll, beforeAll, expect, test } from 'vitest';
import { newApp, openChannel, say } from '../../../test/chat.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { hasUnreadSql, unreadCountSql } from '../../domain/unread-sql.ts';
import { moveReads } from '../reads/repository.ts';
import { recentInboxes } from './recent.ts';
import { bumpsOf, bumpsOfOnline, changedChannels, onlineMembers } from './repository.ts';
import { unreadOf, unreadTotals } from './unread.ts';

// The numbers of the examples that the queries have in their comments; the scene is in domain/unread-sql.ts.
let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  // Nothing moves but what a test moves.
  node = await ground.node({ modules: 'idle' });
});
afterAll(() => ground.close());

const [lunch, tea, zoo] = ['messaging:lunch', 'messaging:tea', 'messaging:zoo'];
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

async function scene() {
  const { appId } = await newApp(node);
  const { db, log } = node;
  await openChannel(db, appId, lunch, ['ada', 'bob', 'eve']);
  await openChannel(db, appId, tea, ['ada', 'bob']);
  await say(log, appId, lunch, '1', { userId: 'ada' });
  await say(log, appId, lunch, '2', { userId: 'bob', mentions: ['ada'] });
  await say(log, appId, lunch, '3', { userId: 'bob', silent: true });
  await say(log, appId, lunch, '4', { userId: 'eve', mentions: ['ada', 'bob'] });
  await say(log, appId, lunch, '5', { userId: 'ada' });
  await say(log, appId, tea, '1', { userId: 'bob' });
  for (const [channelId, userId, seq] of [
    [lunch, 'ada', 1],
    [lunch, 'bob', 2],
    [tea, 'bob', 1],
  ])
    await db.query('UPDATE members SET read_seq = $4 WHERE app_id = $1 AND channel_id = $2 AND user_id = $3', [
      appId,
      channelId,
      userId,
      seq,
    ]);
  await node.presence.renew('node', 60_000, [
    { appId, userId: 'ada' },
    { appId, userId: 'eve' },
  ]);
  const member = (channelId: string, userId: string) => ({ appId, channelId, userId });
  /** Ada is removed from the zoo; what happened in the channels happened so many minutes ago. */
  const pass = async (ago: { readonly lunch: number; readonly tea: number; readonly zoo: number }) => {
    await openChannel(db, appId, zoo, ['ada']);
    await db.query(`UPDATE members SET created_at = $2, updated_at = $2 WHERE app_id = $1`, [appId, minutesAgo(600)]);
    await db.query(`UPDATE channels SET updated_at = $2 WHERE app_id = $1`, [appId, minutesAgo(600)]);
    for (const [id, minutes] of [
      [lunch, ago.lunch],
      [tea, ago.tea],
    ] as const) {
      const at = [appId, id, minutesAgo(minutes)];
      await db.query('UPDATE channels SET head_at = $3 WHERE app_id = $1 AND channel_id = $2', at);
      await db.query('UPDATE channel_events SET at = $3 WHERE app_id = $1 AND channel_id = $2', at);
    }
    await db.query(
      `UPDATE members SET left_at = $3, left_reason = 'removed', updated_at = $3 WHERE app_id = $1 AND channel_id = $2`,
      [appId, zoo, minutesAgo(ago.zoo)],
    );
  };
  return { appId, db, member, pass };
}

test('the parts: what is unread for a member of a channel', async () => {
  const { appId, db } = await scene();
  const rows = await db.query(
    `SELECT m.channel_id AS channel, m.user_id AS "user", ${unreadCountSql('m')} AS unread, ${hasUnreadSql('m')} AS some
       FROM members m WHERE m.app_id = $1 ORDER BY 1, 2`,
    [appId],
  );
  expect(rows).toEqual([
    { channel: lunch, user: 'ada', unread: 2, some: true },
    { channel: lunch, user: 'bob', unread: 2, some: true },
    { channel: lunch, user: 'eve', unread: 3, some: true },
    { channel: tea, user: 'ada', unread: 1, some: true },
    { channel: tea, user: 'bob', unread: 0, some: false },
  ]);
});

test('unreadOf: the numbers of one user in some channels', async () => {
  const { appId, db } = await scene();
  const numbers = async (userId: string) => Object.fromEntries(await unreadOf(db, appId, userId, [lunch, tea]));
  expect(await numbers('eve')).toEqual({ [lunch]: { readSeq: 0, unreadCount: 3, unreadMentions: 0 } });
  expect(await numbers('bob')).toMatchObject({ [lunch]: { unreadCount: 2, unreadMentions: 1 } });
  expect(await numbers('ada')).toMatchObject({ [lunch]: { unreadCount: 2, unreadMentions: 2 } });
});

test('unreadTotals: over all channels, also of who is in none; each in its place, whoever is asked for first or twice', async () => {
  const { appId, db } = await scene();
  const totals = await unreadTotals(
    db,
    ['joe', 'bob', 'ada', 'bob'].map((userId) => ({ appId, userId })),
  );
  const bob = { userId: 'bob', totalUnread: 2, unreadChannels: 1, unreadMentions: 1 };
  expect(totals).toMatchObject([
    { userId: 'joe', totalUnread: 0, unreadChannels: 0, unreadMentions: 0 },
    bob,
    { userId: 'ada', totalUnread: 3, unreadChannels: 2, unreadMentions: 2 },
    bob,
  ]);
});

test('bumpsOfOnline and onlineMembers: who holds a lease', async () => {
  const { appId, db, member } = await scene();
  expect(await bumpsOfOnline(db, [{ appId, channelId: lunch }], null, 10)).toMatchObject([
    { ...member(lunch, 'ada'), seq: 5, unreadCount: 2, unreadMentions: 2 },
    { ...member(lunch, 'eve'), seq: 5, unreadCount: 3, unreadMentions: 0 },
  ]);
  expect(await onlineMembers(db, appId, lunch, '', 10)).toEqual(['ada', 'eve']);
  expect(await onlineMembers(db, appId, lunch, 'ada', 10)).toEqual(['eve']);
});

test('bumpsOf: these members, online or not', async () => {
  const { db, member } = await scene();
  const bumps = await bumpsOf(db, [member(lunch, 'bob'), member(tea, 'ada'), member(tea, 'eve')]);
  expect(bumps).toMatchObject([
    { ...member(lunch, 'bob'), seq: 5, unreadCount: 2, unreadMentions: 1 },
    { ...member(tea, 'ada'), seq: 1, unreadCount: 1, unreadMentions: 0 },
  ]);
  expect(bumps).toHaveLength(2);
});

test('changedChannels: what became of them while the user was away', async () => {
  const { appId, db, pass } = await scene();
  await pass({ lunch: 30, tea: 120, zoo: 20 });
  const [changes] = await changedChannels(
    db,
    [{ appId, userId: 'ada', since: minutesAgo(60), afterChannelId: '' }],
    10,
  );
  expect(changes?.channels).toMatchObject([
    { channelId: lunch, leftReason: null, joined: false, seq: 5, unreadCount: 2, unreadMentions: 2 },
    { channelId: zoo, leftReason: 'removed', joined: false, seq: 0, unreadCount: 0, unreadMentions: 0 },
  ]);
  expect(changes?.channels).toHaveLength(2);
});

test('changedMembers: what a node should have sent by now, and totals of whom nothing changed just now', async () => {
  const { appId, db, member, pass } = await scene();
  // A minute ahead, so that it is too new however long the test takes.
  await pass({ lunch: 3, tea: 120, zoo: -1 });
  const question = { nodeId: 'node', appIds: [appId], since: minutesAgo(5), page: null };
  const { numbers, totals } = await recentInboxes({ sql: db, epoch: node.epoch }, question);
  expect(numbers).toMatchObject([
    { ...member(lunch, 'ada'), left: false, seq: 5, unreadCount: 2, unreadMentions: 2 },
    { ...member(lunch, 'eve'), left: false, seq: 5, unreadCount: 3, unreadMentions: 0 },
  ]);
  expect(totals).toEqual([{ appId, userId: 'eve', totalUnread: 3, unreadChannels: 1 }]);
});

test('moveReads: where the pointers are afterwards, and what is left', async () => {
  const { db, member } = await scene();
  const moved = await moveReads(db, [
    { ...member(lunch, 'bob'), seq: 4 },
    { ...member(lunch, 'ada'), seq: null },
    { ...member(tea, 'eve'), seq: null },
  ]);
  expect(moved).toMatchObject([
    { readSeq: 4, unreadCount: 1, advanced: true },
    { readSeq: 5, unreadCount: 0, advanced: true },
    null,
  ]);
});
