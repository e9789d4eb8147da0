import type { JsonObject, User } from '@parley/contracts';
import type { ChangedUser } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openParty, principalOf, room } from '../../../test/bus-party.ts';
import { openChannel } from '../../../test/chat.ts';
import { createWorld, type World, type WorldApp } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const longAgo = '2026-01-01T00:00:00.000Z';

const rename = (app: WorldApp, userId: string, input: JsonObject) =>
  app.data('mutation ($input: UpdateMeInput!) { updateMe(input: $input) { id } }', { input }, { as: { user: userId } });

/** Changes of long ago, so that only what the test does is new. */
async function quietParty(messages = 0) {
  const party = await openParty(world, messages);
  const { appId } = party.app;
  await world.db.query('UPDATE users SET created_at = $2, updated_at = $2 WHERE app_id = $1', [appId, longAgo]);
  await world.db.query('UPDATE channel_events SET at = $2 WHERE app_id = $1', [appId, '2026-06-01T00:00:00.000Z']);
  return { ...party, appId };
}

const online = (appId: string, nodeId: string, ...userIds: string[]) =>
  world.call('presence.renew', { nodeId, ttlMs: 30_000, users: userIds.map((userId) => ({ appId, userId })) });

async function recent(appId: string, nodeId: string): Promise<ChangedUser[]> {
  const all: ChangedUser[] = [];
  let page: string | null = null;
  do {
    const reply: { readonly changed: readonly ChangedUser[]; readonly next: string | null } = await world.call(
      'users.recent',
      { nodeId, apps: [{ appId, since: null }], page },
    );
    all.push(...reply.changed);
    page = reply.next;
  } while (page !== null);
  return all;
}

describe('users.recent', () => {
  test('says who changed, in which channels it is shown, and to whom on the node', async () => {
    const { app, appId } = await quietParty();
    await online(appId, 'one', 'ada', 'eve');
    await online(appId, 'two', 'bob');
    await rename(app, 'bob', { name: 'Robert' });
    const user = expect.objectContaining({ id: 'bob', name: 'Robert' });
    expect(await recent(appId, 'one')).toEqual([{ appId, user, channelIds: [room], viewerIds: ['ada'] }]);
    expect(await recent(appId, 'two')).toEqual([{ appId, user, channelIds: [room], viewerIds: ['bob'] }]);
  });

  test('tells of one who has left, whose messages are there, and nobody who left', async () => {
    const { app, appId } = await quietParty();
    await online(appId, 'one', 'ada', 'bob');
    const leave = (userId: string) =>
      app.data('mutation ($input: RemoveMembersInput!) { removeMembers(input: $input) { id } }', {
        input: { channelId: room, userIds: [userId] },
      });
    await leave('bob');
    await rename(app, 'bob', { name: 'Robert' });
    expect(await recent(appId, 'one')).toMatchObject([{ channelIds: [room], viewerIds: ['ada', 'bob'] }]);
    await leave('ada');
    expect(await recent(appId, 'one')).toMatchObject([{ channelIds: [room], viewerIds: ['bob'] }]);
  });

  test('says nothing of a new user, nor of one that a back end describes as it was', async () => {
    const { app, appId } = await quietParty();
    await online(appId, 'one', 'ada', 'bob', 'eve');
    await app.users('joe');
    const upsert = (name: string) =>
      app.data('mutation ($input: UpsertUsersInput!) { upsertUsers(input: $input) { updatedAt } }', {
        input: { users: [{ id: 'eve', name }] },
      });
    await upsert('Eve');
    await world.db.query('UPDATE users SET updated_at = $2 WHERE app_id = $1', [appId, longAgo]);
    await upsert('Eve');
    expect(await recent(appId, 'one')).toEqual([]);
    await upsert('Eva');
    expect(await recent(appId, 'one')).toMatchObject([{ user: { id: 'eve', name: 'Eva' }, viewerIds: ['eve'] }]);
  });

  test('gives very many places in several pages, each once', async () => {
    const { app, appId } = await quietParty();
    await world.db.query(
      `INSERT INTO channels (app_id, channel_id, type, key) SELECT $1, 'messaging:c' || n, 'messaging', 'c' || n FROM generate_series(1, 3000) n`,
      [appId],
    );
    await world.db.query(
      `INSERT INTO members (app_id, channel_id, user_id) SELECT $1, 'messaging:c' || n, u FROM generate_series(1, 3000) n, unnest('{ada,bob}'::text[]) u`,
      [appId],
    );
    await online(appId, 'one', 'ada');
    await rename(app, 'ada', { name: 'A' });
    await rename(app, 'bob', { name: 'B' });
    const pages = await recent(appId, 'one');
    expect(pages.length).toBeGreaterThan(2);
    for (const userId of ['ada', 'bob']) {
      const own = pages.filter(({ user }) => user.id === userId);
      const channels = own.flatMap(({ channelIds }) => channelIds);
      expect([channels.length, new Set(channels).size]).toEqual([3_001, 3_001]);
      expect(own.flatMap(({ viewerIds }) => viewerIds)).toEqual(['ada']);
    }
  });

  test('begins where the last answer ended, with a little overlap', async () => {
    const { app, appId } = await quietParty();
    await online(appId, 'one', 'ada');
    await rename(app, 'bob', { name: 'Robert' });
    await world.db.query(
      `UPDATE users SET updated_at = now() - interval '20 seconds' WHERE app_id = $1 AND user_id = 'bob'`,
      [appId],
    );
    const ask = (since: string | null) =>
      world.call('users.recent', { nodeId: 'one', apps: [{ appId, since }], page: null });
    const { since, changed } = await ask(null);
    expect(changed).toEqual([]);
    expect((await ask(new Date(Date.parse(since) - 30_000).toISOString())).changed).toMatchObject([
      { user: { id: 'bob' } },
    ]);
    await rename(app, 'bob', { name: 'Bob' });
    expect((await ask(since)).changed).toMatchObject([{ user: { id: 'bob', name: 'Bob' } }]);
  });
});

test('a change that waited for another one is the later of the two', async () => {
  const { app, appId } = await quietParty();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const locked = world.db.transaction(async (sql) => {
    await sql.query(`SELECT 1 FROM users WHERE app_id = $1 AND user_id = 'ada' FOR UPDATE`, [appId]);
    await held;
  });
  const input = {
    users: [
      { id: 'ada', name: 'A' },
      { id: 'bob', name: 'of the back end' },
    ],
  };
  const waiting = app.data('mutation ($input: UpsertUsersInput!) { upsertUsers(input: $input) { id } }', { input });
  await vi.waitFor(async () => {
    const [row] = await world.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    expect(row?.n).toBeGreaterThan(0);
  });
  await rename(app, 'bob', { name: 'of bob' });
  const bob = async () => {
    const [row] = await world.db.query<{ name: string; at: Date }>(
      `SELECT name, updated_at AS at FROM users WHERE app_id = $1 AND user_id = 'bob'`,
      [appId],
    );
    return { name: row?.name, ms: new Date(row?.at ?? 0).getTime() };
  };
  const before = await bob();
  release();
  await Promise.all([locked, waiting]);
  const after = await bob();
  expect([before.name, after.name]).toEqual(['of bob', 'of the back end']);
  expect(after.ms).toBeGreaterThan(before.ms);
});

describe('the log', () => {
  test('shows users as they are now, wherever they stand in it', async () => {
    const { app, appId } = await quietParty(1);
    await rename(app, 'ada', { name: 'Ada Lovelace' });
    await rename(app, 'bob', { name: 'Robert' });
    await online(appId, 'one', 'bob');
    const { events } = await world.call('channel.events', { appId, channelId: room, after: 0, limit: 10 });
    const [added, sent] = events;
    expect(sent).toMatchObject({
      actor: { name: 'Ada Lovelace' },
      message: { user: { name: 'Ada Lovelace', online: false } },
    });
    expect(added).toMatchObject({
      members: [{ user: { id: 'ada', name: 'Ada Lovelace' } }, { user: { id: 'bob', name: 'Robert', online: true } }],
    });
    await app.data('mutation ($input: DeleteUsersInput!) { deleteUsers(input: $input) { id } }', {
      input: { userIds: ['ada'] },
    });
    const again = await world.call('channel.events', { appId, channelId: room, after: 0, limit: 10 });
    expect(JSON.stringify(again)).not.toContain('Lovelace');
  });

  test('has no page that is too long for the bus, however much its users have to say of themselves', async () => {
    const { app, appId } = await quietParty(120);
    await rename(app, 'ada', { custom: { about: 'x'.repeat(5_000) } });
    let after = 0;
    for (let page = 0; after < 121 && page < 20; page += 1) {
      const reply = await world.call('channel.events', { appId, channelId: room, after, limit: 200 });
      expect(JSON.stringify(reply).length).toBeLessThan(700 * 1024);
      expect(reply.events.map(({ seq }) => seq)).toEqual(reply.events.map((_, index) => after + index + 1));
      after += reply.events.length;
    }
    expect(after).toBe(121);
  });
});

describe('who comes back', () => {
  test('to a channel is told which members changed since, and no others', async () => {
    const { app, ada } = await quietParty(2);
    await rename(app, 'bob', { name: 'Robert' });
    await rename(app, 'eve', { name: 'Eva' });
    const join = (after?: number) =>
      world.call('channel.join', { principal: ada, channelId: room, ...(after === undefined ? {} : { after }) });
    const { changedUsers } = await join(2);
    expect(changedUsers).toMatchObject([{ id: 'bob', name: 'Robert' }]);
    for (const after of [undefined, 0, 99]) expect(await join(after)).not.toHaveProperty('changedUsers');
    await world.db.query("UPDATE channel_events SET at = now() + interval '1 minute' WHERE app_id = $1 AND seq = 2", [
      app.appId,
    ]);
    expect((await join(2)).changedUsers).toEqual([]);
  });

  test('to a channel in which very many changed has to load it anew', async () => {
    const { app, ada } = await quietParty(1);
    await world.db.query(
      `INSERT INTO users (app_id, user_id, created_at) SELECT $1, 'u' || n, now() - interval '1 hour' FROM generate_series(1, 71) n`,
      [app.appId],
    );
    await world.db.query(
      `INSERT INTO members (app_id, channel_id, user_id) SELECT $1, $2, 'u' || n FROM generate_series(1, 71) n`,
      [app.appId, room],
    );
    expect((await world.call('channel.join', { principal: ada, channelId: room, after: 1 })).changedUsers).toBe(null);
  });

  test('to the inbox is told whom it shares a channel with, and itself', async () => {
    const { app, ada, appId } = await quietParty();
    const open = async (after: string | null) => {
      const { events } = await world.call('inbox.open', { principal: ada, after, page: null });
      const cursor = events.at(-1)?.cursor ?? null;
      return {
        cursor,
        users: events.flatMap((event) => (event.__typename === 'InboxUserUpdated' ? [event.user] : [])),
      };
    };
    const { cursor, users } = await open(null);
    expect(users).toEqual([]);
    await rename(app, 'bob', { name: 'Robert' });
    await rename(app, 'eve', { name: 'Eva' });
    await rename(app, 'ada', { name: 'Ada L.' });
    const names = (all: readonly User[]) => all.map(({ name }) => name ?? '').sort((a, b) => a.localeCompare(b));
    expect(names((await open(cursor)).users)).toEqual(['Ada L.', 'Robert']);
    await world.db.query(`UPDATE members SET left_at = now() WHERE app_id = $1 AND user_id = 'bob'`, [appId]);
    expect(names((await open(cursor)).users)).toEqual(['Ada L.', 'Robert']);
    await world.db.query(`UPDATE members SET left_at = now() WHERE app_id = $1 AND user_id = 'ada'`, [appId]);
    expect(names((await open(cursor)).users)).toEqual(['Ada L.']);
    // Whoever has channels of their own, but none with bob.
    await openChannel(world.db, appId, 'messaging:own', ['eve']);
    const eve = await principalOf(world, app, 'eve');
    const { events } = await world.call('inbox.open', { principal: eve, after: cursor, page: null });
    expect(JSON.stringify(events)).not.toContain('Robert');
  });
});
