import { systemClock } from '@parley/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newApp, openChannel, say } from '../../../test/chat.ts';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { mintToken } from '../../../test/tokens.ts';
import type { ChannelLog } from '../../platform/channel-log.ts';
import type { Sql } from '../../platform/sql.ts';
import { endDeparted } from '../members/departures.ts';
import { createUsersService } from './service.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

async function tenant(channels: readonly string[] = ['messaging:a']) {
  const key = await newApp(node);
  const { appId } = key;
  const { actor: server } = await node.auth.open(await mintToken(key, null, { scope: 'server' }), null);
  for (const channelId of channels) await openChannel(node.db, appId, channelId, ['ada', 'bob']);
  await node.users.upsert(server, [
    { id: 'ada', name: 'Ada', image: 'https://example.com/a.png', role: 'admin', custom: { phone: '1' } },
    { id: 'bob', name: 'Bob' },
  ]);
  const memberships = async () => {
    const rows = await node.db.query<{ channelId: string; active: boolean; count: number }>(
      `SELECT m.channel_id AS "channelId", m.left_at IS NULL AS active, c.member_count AS count FROM members m
         JOIN channels c ON c.app_id = m.app_id AND c.channel_id = m.channel_id WHERE m.app_id = $1 AND m.user_id = 'ada' ORDER BY 1`,
      [appId],
    );
    return rows.map(({ active, count }) => (active ? `member of ${count}` : `gone of ${count}`));
  };
  return { key, appId, server, memberships };
}

describe('a deleted user', () => {
  test('has no profile and no way in, and their messages stay', async () => {
    const { key, appId, server } = await tenant();
    const token = await mintToken(key, 'ada');
    const { principal } = await node.auth.open(token, null);
    await say(node.log, appId, 'messaging:a', 'hello', { userId: 'ada' });
    expect(await node.users.delete(server, ['ada', 'ada'])).toMatchObject([
      { id: 'ada', name: null, image: null, role: 'user', custom: {}, deletedAt: expect.stringMatching(/Z$/) },
    ]);
    await expect(node.auth.open(token, null)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(node.auth.actorOf(principal)).rejects.toMatchObject({ code: 'unauthenticated' });
    const later = await mintToken(key, 'ada', { claims: { iat: Date.now() / 1_000 } });
    await expect(node.auth.open(later, null)).rejects.toThrow('the user ada was deleted at');
    expect(await node.db.query('SELECT text FROM messages WHERE app_id = $1', [appId])).toEqual([{ text: 'hello' }]);
    expect((await node.users.search(server, {})).edges.map(({ node: user }) => user.id)).toEqual(['bob']);
  });

  test('leaves every channel, of which its log says so, and counts no more', async () => {
    const { appId, server, memberships } = await tenant(['messaging:a', 'team:b']);
    await node.users.delete(server, ['ada']);
    await eventually(async () => expect(await memberships()).toEqual(['gone of 1', 'gone of 1']));
    expect(
      await node.db.query('SELECT channel_id AS id, type, payload FROM channel_events WHERE app_id = $1 ORDER BY 1', [
        appId,
      ]),
    ).toMatchObject([
      { id: 'messaging:a', type: 'MembersRemoved', payload: { userIds: ['ada'], memberCount: 1 } },
      { id: 'team:b', type: 'MembersRemoved', payload: { userIds: ['ada'], memberCount: 1 } },
    ]);
  });

  test('who is brought back is let in by new tokens alone, and is in no channel', async () => {
    const { key, server, memberships } = await tenant();
    const old = await mintToken(key, 'ada');
    await node.users.delete(server, ['ada']);
    await node.users.upsert(server, [{ id: 'ada', name: 'Ada again' }]);
    await expect(node.auth.open(old, null)).rejects.toMatchObject({ code: 'unauthenticated' });
    const fresh = await mintToken(key, 'ada', { claims: { iat: Date.now() / 1_000 } });
    expect(await node.auth.open(fresh, null)).toMatchObject({ actor: { role: 'user' } });
    await eventually(async () => expect(await memberships()).toEqual(['gone of 1']));
  });

  test('who was never seen cannot come later with a token made before', async () => {
    const { key, server } = await tenant();
    await node.users.delete(server, ['ghost']);
    await expect(node.auth.open(await mintToken(key, 'ghost'), null)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  test.each([
    ['none', [], 'userIds'],
    ['over 100', Array.from({ length: 101 }, (_, index) => `u${index}`), 'userIds'],
    ['what is no id', ['a b'], 'userIds.0'],
  ])('%s is refused', async (_name, ids, field) => {
    const { server } = await tenant();
    await expect(node.users.delete(server, ids)).rejects.toMatchObject({ code: 'invalid_input', details: { field } });
  });

  test('is for back ends alone', async () => {
    const { key } = await tenant();
    const { actor } = await node.auth.open(await mintToken(key, 'ada'), null);
    await expect(node.users.delete(actor, ['bob'])).rejects.toMatchObject({
      code: 'forbidden',
      details: { permission: 'server' },
    });
  });
});

describe('when the database goes away', () => {
  const kill = (sql: Sql) => sql.query('SELECT pg_terminate_backend(pg_backend_pid())');

  test('in the deletion, nobody is deleted, and it can be repeated', async () => {
    const { key, server } = await tenant();
    const dying = createUsersService({
      publisher: node.publisher,
      db: {
        query: async <Row>(text: string, params?: readonly unknown[]) => {
          if (!text.includes('gone AS')) return await node.db.query<Row>(text, params);
          return await node.db.transaction(async (sql) => {
            const rows = await sql.query<Row>(text, params);
            await kill(sql);
            return rows;
          });
        },
      },
    });
    await expect(dying.delete(server, ['ada', 'bob'])).rejects.toMatchObject({ code: 'unavailable' });
    expect(await node.auth.open(await mintToken(key, 'ada'), null)).toMatchObject({ actor: { role: 'admin' } });
    expect(await node.users.delete(server, ['ada', 'bob'])).toHaveLength(2);
  });

  test('between two channels, the next run takes the user out of the rest', async () => {
    const own = await createGround();
    const quiet = await own.node({ clock: { ...systemClock, setTimeout: () => 0 } });
    const { key } = await quiet.apps.create({ name: 'App' });
    const { actor: server } = await quiet.auth.open(await mintToken(key, null, { scope: 'server' }), null);
    for (const id of ['messaging:a', 'messaging:b', 'messaging:c'])
      await openChannel(quiet.db, key.appId, id, ['ada', 'bob']);
    await quiet.users.delete(server, ['ada']);
    let writes = 0;
    const write: ChannelLog['write'] = (appId, channelId, command) =>
      quiet.log.write(appId, channelId, {
        ...command,
        run: async (tx) => {
          const value = await command.run(tx);
          writes += 1;
          if (writes === 2) await kill(tx.sql);
          return value;
        },
      });
    await expect(endDeparted({ sql: quiet.db, log: { write } })).rejects.toMatchObject({ code: 'unavailable' });
    const left = () =>
      quiet.db.query('SELECT 1 FROM members WHERE app_id = $1 AND user_id = $2 AND left_at IS NULL', [
        key.appId,
        'ada',
      ]);
    expect(await left()).toHaveLength(2);
    expect(await endDeparted({ sql: quiet.db, log: quiet.log })).toBe(2);
    expect(await left()).toEqual([]);
    expect(await endDeparted({ sql: quiet.db, log: quiet.log })).toBe(0);
    await own.close();
  });
});
