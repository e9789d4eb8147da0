import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { defineConsumer } from '../src/platform/consumers/define-consumer.ts';
import { createRoom, messageFields } from './room.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

/** Rows of each big table, spread over many apps, so that one app's rows are few of them and a look at all of them is a fault. */
const apps = 40;
const rows = 20_000;

const seed = [
  `INSERT INTO users (app_id, user_id, name) SELECT 'app-' || n % ${apps}, 'user-' || n, 'User ' || n FROM generate_series(1, ${rows}) n`,
  `INSERT INTO channels (app_id, channel_id, type, key, seq, last_message_at)
   SELECT 'app-' || n % ${apps}, 'messaging:c' || n, 'messaging', 'c' || n, 1, now() - n * interval '1 second' FROM generate_series(1, ${rows}) n`,
  `INSERT INTO members (app_id, channel_id, user_id)
   SELECT 'app-' || n % ${apps}, 'messaging:c' || n, 'user-' || n FROM generate_series(1, ${rows}) n`,
  `INSERT INTO messages (app_id, message_id, channel_id, seq, user_id, text)
   SELECT 'app-' || n % ${apps}, gen_random_uuid(), 'messaging:c' || n, 1, 'user-' || n, 'hello' FROM generate_series(1, ${rows}) n`,
  `INSERT INTO channel_events (app_id, channel_id, seq, type, payload, message_id, at)
   SELECT app_id, channel_id, seq, 'MessageCreated', '{}', message_id, created_at FROM messages`,
  `INSERT INTO reactions (app_id, message_id, user_id, type) SELECT app_id, message_id, user_id, 'like' FROM messages`,
  `INSERT INTO presence_leases (app_id, user_id, node_id, expires_at)
   SELECT app_id, user_id, 'node', now() + interval '1 hour' FROM users`,
  `INSERT INTO consumer_cursors (app_id, channel_id, consumer, seq)
   SELECT app_id, channel_id, consumer, 1 FROM channels, unnest(ARRAY['one', 'plans']) AS consumer ON CONFLICT DO NOTHING`,
  `INSERT INTO consumer_dead_letters (app_id, channel_id, consumer, seq, attempts, error)
   SELECT app_id, channel_id, 'consumer-' || ascii(md5(channel_id)) || right(key, 1), 1, 1, 'broken' FROM channels`,
  `INSERT INTO api_keys (app_id, key_id, secret) SELECT app_id, 'key-' || n, 'secret' FROM apps, generate_series(1, ${rows}) n`,
];
/**
 * Rows of the first are gone as soon as they are published, the others have one for each table, one for each database of the server, one at all, and some
 * for each consumer; a statement that reads all of them reads little.
 */
const small = new Set([
  'outbox',
  'pg_class',
  'pg_database',
  'log_epoch',
  'consumers',
  'consumer_leases',
  'consumer_runners',
]);

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

const scansIn = (node: PlanNode): readonly string[] => [
  ...(node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== undefined ? [node['Relation Name']] : []),
  ...(node.Plans ?? []).flatMap(scansIn),
];

const consumer = defineConsumer({
  name: 'plans',
  start: 'earliest',
  scope: 'all',
  handle: async () => undefined,
  missed: async () => undefined,
});

let world: World;
const statements = new Set<string>();

beforeAll(async () => {
  world = await createWorld({ consumers: [consumer] });
  await world.app();
  for (const statement of seed) await world.db.query(statement);
  await world.db.query('ANALYZE');
}, 60_000);
afterAll(() => world.close());

/** Everything that users do, in an app of their own. */
async function everything() {
  const room = await createRoom(world);
  const { act, query } = room;
  const channelId = await room.open('general');
  const other = await act<{ id: string }>('createChannel', { type: 'messaging', memberIds: ['bob', 'eve'] });
  const root = await act('sendMessage', { channelId, text: 'root', mentionedUserIds: ['bob'] });
  const id = crypto.randomUUID();
  await act('sendMessage', { channelId, id, text: 'reply', parentId: root.id });
  await act('sendMessage', { channelId, id, text: 'reply', parentId: root.id });
  await act('sendMessage', { channelId, text: 'quote', quotedId: root.id });
  await act('updateMessage', { messageId: root.id, text: 'edited' });
  await act('addReaction', { messageId: root.id, type: 'like' });
  await act('addReaction', { messageId: root.id, type: 'wow', exclusive: true });
  await act('removeReaction', { messageId: root.id, type: 'wow' });
  await act('markRead', { channelId }, 'bob');
  await act('setTyping', { channelId, typing: true });
  await act('addMembers', { channelId, members: [{ userId: 'eve' }] });
  await act('removeMembers', { channelId, userIds: ['eve'] });
  await act('updateChannel', { channelId, name: 'General' });
  const page = `edges { cursor node { ${messageFields} replies(last: 5) { nodes { id } } } }`;
  const channel = `id seq createdBy { id online } viewer { readSeq unreadCount unreadMentions capabilities membership { role } }
    members(first: 5) { nodes { role user { id online } } } messages(last: 5) { ${page} }`;
  const list = `query ($filter: ChannelFilter, $sort: [ChannelSort!], $after: String) {
    channels(first: 5, filter: $filter, sort: $sort, after: $after) { edges { cursor node { ${channel} } } } }`;
  await query(list);
  for (const filter of [
    { members: { contains: ['bob'] } },
    { members: { equals: ['ada', 'bob'] } },
    { id: { in: [channelId, other.id] } },
    { hasUnread: true, createdById: { eq: 'ada' }, memberCount: { gt: 1 } },
  ])
    await query(list, { filter }, 'bob');
  await query(list, { sort: [{ field: 'UNREAD_COUNT', direction: 'DESC' }] });
  await query(`query ($id: ID!) { channel(id: $id) { ${channel} } unread { totalUnread unreadChannels } me { id } }`, {
    id: channelId,
  });
  const around =
    'query ($id: ID!, $around: ID!) { channel(id: $id) { messages(first: 5, around: $around) { nodes { id } } } }';
  await query(around, { id: channelId, around: root.id });
  await query(`query ($id: ID!) { message(id: $id) { ${messageFields} } user(id: "bob") { id } }`, { id: root.id });
  await query('{ users(first: 5, filter: { id: { in: ["ada", "bob"] } }) { nodes { id online } } }');
  await query('{ users(first: 5, sort: [{ field: NAME, direction: ASC }]) { nodes { id } } }');
  await room.events(channelId);
  const { appId } = room.app;
  const since = new Date(Date.now() - 60_000).toISOString();
  await world.call('inbox.recent', { nodeId: 'node', appIds: [appId], since, page: null });
  await world.call('channel.recentReads', { channels: [{ appId, channelId }], since });
  await act('deleteMessage', { messageId: id });
  await act('deleteMessage', { messageId: root.id, hard: true }, 'server');
  await act('deleteChannel', { channelId: other.id }, 'server');
  await room.settings({ userVisibility: 'SHARED_CHANNELS' });
  await query('{ users(first: 5) { nodes { id role } } me { private } user(id: "bob") { custom lastActiveAt } }');
  await act('sendMessage', { channelId, text: 'seen', mentionedUserIds: ['bob'] });
  await act('setTyping', {
    channelId,
    parentId: (await act('sendMessage', { channelId, text: 'root' })).id,
    typing: true,
  });
  const { token } = { token: await room.app.token('ada') };
  const principal = await world.call('session.open', { token, origin: null });
  await world.call('presence.read', { principal, userIds: ['bob', 'eve'] });
  const inbox = await world.call('inbox.open', { principal, after: null, page: null });
  await world.call('inbox.open', { principal, after: inbox.events.at(-1)?.cursor ?? null, page: null });
  await world.call('channel.join', { principal, channelId, after: 1 });
  await world.call('users.recent', { nodeId: 'node', apps: [{ appId, since }], page: null });
  await world.call('users.read', { appId, userIds: ['bob'] });
  await room.app.data(
    'mutation ($input: CreateChannelInput!) { createChannel(input: $input) { id } }',
    { input: { type: 'team', key: 'own', memberIds: ['bob'] } },
    { as: { token } },
  );
}

test('no statement that the API runs reads a big table from end to end', async () => {
  const unsubscribe = world.db.onStatement((text) => statements.add(text));
  await everything();
  const ran = (...words: readonly string[]) =>
    [...statements].some((text) => words.every((word) => text.includes(word)));
  // What the node does by itself, every few seconds.
  await vi.waitFor(
    () =>
      expect([
        ran('outbox', 'SKIP LOCKED'),
        ran('DELETE', 'presence_leases'),
        ran('consumer-behind'),
        ran('consumer-read'),
        ran('consumer-move'),
        ran('lag_events', 'measured_at'),
      ]).toEqual([true, true, true, true, true, true]),
    10_000,
  );
  unsubscribe();
  const explained = [...statements].filter((text) => /\b(SELECT|INSERT|UPDATE|DELETE)\b/.test(text));
  expect(explained.length).toBeGreaterThan(30);
  const faults: string[] = [];
  for (const text of explained) {
    const [row] = await world.db.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
      `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text.replace(/^-- .*\n/, '')}`,
    );
    const plan = row?.['QUERY PLAN'][0]?.Plan;
    const scans = plan === undefined ? [] : scansIn(plan).filter((table) => !small.has(table));
    const big = [...new Set(scans)].filter((table) => table !== 'apps' && table !== 'organisations');
    if (big.length > 0) faults.push(`${big.join(', ')}: ${text}`);
  }
  expect(faults).toEqual([]);
}, 60_000);
