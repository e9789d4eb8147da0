import type { JsonObject, LoggedEvent } from '@parley/contracts';
import { limits } from '@parley/contracts';
import type { ChannelBusMessage, Principal } from '@parley/contracts/bus';
import { subjects } from '@parley/contracts/bus';
import { busPayloadBytes } from '@parley/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { createWorld, type World } from './world.ts';

// Requests go over the bus, which takes more at once than HTTP does: what several of those could add up to is here in one.
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const control = '\u0001';
const filled = (bytes: number): JsonObject => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });
const idOf = (index: number): string => `${index}`.padStart(limits.userId, 'u');
const ids = (from: number, count: number): string[] => Array.from({ length: count }, (_, at) => idOf(from + at));
const reactionOf = (index: number): string => `${index}`.padStart(limits.reactionType, '€');
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const fullUser = (id: string): JsonObject => ({
  id,
  name: `x${control.repeat(limits.name - 1)}`,
  image: 'https://example.com/'.padEnd(limits.url, 'i'),
  role: 'r'.repeat(64),
  custom: filled(limits.customBytes),
});

const fullMessage = (channelId: string, mentionedUserIds: readonly string[], more: JsonObject = {}): JsonObject => ({
  channelId,
  text: `x${control.repeat(limits.messageText - 1)}`,
  attachments: Array.from({ length: limits.attachments }, () => ({ type: 'file', custom: filled(2_030) })),
  mentionedUserIds,
  custom: filled(limits.customBytes),
  ...more,
});

/** An app whose users hold as much as they may, a channel, and what is published of it. */
async function appOfMany(count: number) {
  const app = await world.app();
  const principalOf = async (token: string): Promise<Principal> =>
    await world.call('session.open', { token, origin: null });
  const server = await principalOf(await app.serverToken());
  const run = async (principal: Principal, name: string, input: JsonObject): Promise<string> => {
    const query = `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { result: ${name}(input: $input) { id } }`;
    const operation = { query, variables: { input } };
    const { data, errors } = await world.call('graphql.execute', { principal, operation, requestId: 'r' });
    expect(errors).toBeUndefined();
    return (data as { result: { id: string } }).result?.id;
  };
  for (let from = 0; from < count; from += 50)
    await run(server, 'upsertUsers', { users: ids(from, Math.min(50, count - from)).map(fullUser) });
  const author = await principalOf(await app.token(idOf(0)));
  const channelId = `messaging:${'k'.repeat(limits.channelKey)}`;
  await run(await principalOf(await app.serverToken(idOf(0))), 'createChannel', {
    type: 'messaging',
    key: 'k'.repeat(limits.channelKey),
  });

  const published: LoggedEvent[] = [];
  world.bus.subscribe(subjects.channel(app.appId, channelId), (payload) => {
    const { events } = JSON.parse(payload) as ChannelBusMessage;
    published.push(...events.filter((event) => 'seq' in event));
  });
  const replayed = async (after: number): Promise<LoggedEvent[]> => {
    const events: LoggedEvent[] = [];
    for (let page = [] as readonly LoggedEvent[], at = after; ; at = page.at(-1)?.seq ?? at) {
      ({ events: page } = await world.call('channel.events', { appId: app.appId, channelId, after: at, limit: 100 }));
      events.push(...page);
      if (page.length === 0) return events;
    }
  };
  return { app, server, author, channelId, run, published, replayed };
}

test('the largest messages and reactions to them are published, and replayed also with the read pointers of a large channel', async () => {
  const { app, author, channelId, run, published, replayed } = await appOfMany(61);
  const { appId } = app;
  const reactTo = async (messageId: string) => {
    await world.db.query(
      `INSERT INTO reactions (app_id, message_id, user_id, type, score) SELECT $1, $2, $3, unnest($4::text[]), 1`,
      [appId, messageId, idOf(0), Array.from({ length: 99 }, (_, index) => reactionOf(index))],
    );
    await run(author, 'addReaction', { messageId, type: reactionOf(99), score: limits.reactionScore });
  };
  const quoted = await run(author, 'sendMessage', fullMessage(channelId, ids(1, 30)));
  await reactTo(quoted);
  const quoting = await run(author, 'sendMessage', fullMessage(channelId, ids(31, 30), { quotedId: quoted }));
  await reactTo(quoting);
  const readers = Array.from({ length: 600 }, (_, index) => `${index}`.padStart(limits.userId, 'r'));
  await world.db.query(`INSERT INTO users (app_id, user_id) SELECT $1, unnest($2::text[])`, [appId, readers]);
  await world.db.query(
    `INSERT INTO members (app_id, channel_id, user_id, role, read_seq, read_at) SELECT $1, $2, unnest($3::text[]), 'member', 1, now()`,
    [appId, channelId, readers],
  );

  await eventually(() => expect(published).toHaveLength(4));
  expect(published).toMatchObject([
    { __typename: 'MessageCreated', seq: 2 },
    { __typename: 'ReactionAdded', seq: 3 },
    { __typename: 'MessageCreated', seq: 4, message: { quoted: { id: quoted } } },
    { __typename: 'ReactionAdded', seq: 5, message: { quoted: { id: quoted } } },
  ]);
  // As large as the bound of mentioned users was reckoned from, and not larger.
  const largest = bytesOf(published[3]);
  expect(largest).toBeGreaterThan(900_000);
  expect(largest).toBeLessThan(938_800);
  expect(await replayed(1)).toEqual(published);
  for (const event of published) {
    const page = await world.call('channel.events', {
      appId: author.appId,
      channelId,
      after: event.seq - 1,
      limit: limits.eventsPage,
    });
    expect(page.events[0]).toEqual(event);
    expect(bytesOf(page)).toBeLessThan(busPayloadBytes);
  }
});

test('the largest members are added in several events, each of which is published and replayed', async () => {
  const { server, channelId, run, published, replayed } = await appOfMany(limits.membersPerCall + 1);
  const members = ids(1, limits.membersPerCall).map((userId) => ({
    userId,
    role: 'moderator',
    custom: filled(limits.customBytes),
  }));
  await run(server, 'addMembers', { channelId, members });
  await eventually(() => expect(published).toHaveLength(2));
  expect(published).toMatchObject([
    { __typename: 'MembersAdded', seq: 2, memberCount: 101, members: { length: limits.membersPerEvent } },
    { __typename: 'MembersAdded', seq: 3, memberCount: 101, members: { length: limits.membersPerEvent } },
  ]);
  const named = published.flatMap((event) => (event.__typename === 'MembersAdded' ? event.members : []));
  expect(named.map(({ user }) => user.id)).toEqual(members.map(({ userId }) => userId));
  expect(bytesOf(published[0])).toBeGreaterThan(700_000);
  expect(bytesOf(published[0])).toBeLessThan(744_400);
  expect(await replayed(1)).toEqual(published);
});
