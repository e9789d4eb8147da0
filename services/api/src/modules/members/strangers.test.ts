import type { Channel } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRoom, type Room } from '../../../test/room.ts';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const usersOf = async ({ app }: Room): Promise<string[]> => {
  const rows = await world.db.query<{ id: string }>('SELECT user_id AS id FROM users WHERE app_id = $1 ORDER BY 1', [
    app.appId,
  ]);
  return rows.map(({ id }) => id);
};
const many = Array.from({ length: 99 }, (_, at) => `made-${at}`);

describe('a user who names somebody unknown', () => {
  test('makes nobody, wherever a name can be given', async () => {
    const room = await createRoom(world);
    const channelId = await room.open('general');
    const named = [
      room.refused('createChannel', { type: 'messaging', memberIds: ['bob', ...many.slice(1)] }),
      room.refused('createChannel', { type: 'messaging', key: 'a', memberIds: many }),
      room.refused('addMembers', { channelId, members: many.map((userId) => ({ userId })) }),
      room.refused('sendMessage', { channelId, text: 'hi', mentionedUserIds: ['made-0'] }),
    ];
    expect(await Promise.all(named)).toMatchObject([
      { code: 'not_found', field: 'memberIds.1', message: expect.stringContaining('there is no user made-1') },
      { code: 'not_found', field: 'memberIds.0' },
      { code: 'not_found', field: 'members.0.userId' },
      { code: 'invalid_input', field: 'mentionedUserIds' },
    ]);
    expect(
      await room.refused('addMembers', { channelId, members: [{ userId: 'eve' }, { userId: 'nobody' }] }),
    ).toMatchObject({
      field: 'members.1.userId',
    });
    const principal = await world.call('session.open', { token: await room.app.token('ada'), origin: null });
    await world.call('presence.read', { principal, userIds: many });
    await room.query('query ($ids: [ID!]) { users(filter: { id: { in: $ids } }) { nodes { id } } }', { ids: many });
    expect(await usersOf(room)).toEqual(['ada', 'bob', 'eve']);
    expect(await room.query(`{ channel(id: "${channelId}") { memberCount } }`)).toEqual({
      channel: { memberCount: 2 },
    });
  });

  test('makes that user where the app lets its users', async () => {
    const room = await createRoom(world);
    await room.settings({ usersMayCreateUsers: true });
    const channel = await room.act<Channel>('createChannel', { type: 'messaging', memberIds: ['new'] });
    expect(channel).toMatchObject({ memberCount: 2 });
    expect(await usersOf(room)).toContain('new');
  });

  test('finds somebody whom the back end deleted unknown as well', async () => {
    const room = await createRoom(world);
    await world.db.query(`UPDATE users SET deleted_at = now() WHERE app_id = $1 AND user_id = 'bob'`, [room.app.appId]);
    expect(await room.refused('createChannel', { type: 'messaging', memberIds: ['bob'] })).toMatchObject({
      code: 'not_found',
      field: 'memberIds.0',
    });
  });
});

test('a back end makes whom it names, also in a user’s name', async () => {
  const room = await createRoom(world);
  await room.act('createChannel', { type: 'messaging', key: 'a', memberIds: ['one'] }, 'server');
  // With a key, the room acts with a server token in ada's name.
  await room.act('createChannel', { type: 'messaging', key: 'b', memberIds: ['two'] });
  await room.act('addMembers', { channelId: 'messaging:a', members: [{ userId: 'three' }] }, 'server');
  expect(await usersOf(room)).toEqual(['ada', 'bob', 'eve', 'one', 'three', 'two']);
});

describe('whom one may not look up, one may not add: the answer is that of somebody who does not exist', () => {
  test.each(['SHARED_CHANNELS', 'SERVER'] as const)('%s', async (userVisibility) => {
    const room = await createRoom(world);
    const channelId = await room.open('general');
    await room.settings({ userVisibility });
    const answer = async (userId: string) => {
      const refusals = [
        await room.refused('createChannel', { type: 'messaging', memberIds: [userId] }),
        await room.refused('addMembers', { channelId, members: [{ userId }] }),
        await room.refused('sendMessage', { channelId, text: 'hi', mentionedUserIds: [userId] }),
      ];
      return refusals.map(({ code, field, message }) => [code, field, message?.replaceAll(userId, 'ID')]);
    };
    expect(await answer('eve')).toEqual(await answer('nobody'));
    // Who is a member shows, and may be mentioned and given a role.
    await room.act('sendMessage', { channelId, text: 'hi', mentionedUserIds: ['bob'] });
    await room.act('addMembers', { channelId, members: [{ userId: 'bob', role: 'moderator' }] });
    if (userVisibility === 'SHARED_CHANNELS')
      expect(await room.act('createChannel', { type: 'messaging', memberIds: ['bob'] })).toMatchObject({
        memberCount: 2,
      });
  });

  test('a direct conversation is had again all the same', async () => {
    const room = await createRoom(world);
    const { id: channelId } = await room.act<Channel>('createChannel', { type: 'messaging', memberIds: ['bob'] });
    await room.settings({ userVisibility: 'SERVER' });
    await room.act('removeMembers', { channelId, userIds: ['bob'] }, 'bob');
    expect(await room.act('createChannel', { type: 'messaging', memberIds: ['ada'] }, 'bob')).toMatchObject({
      id: channelId,
      memberCount: 2,
    });
    await room.act('removeMembers', { channelId, userIds: ['bob'] }, 'bob');
    expect(await room.act('addMembers', { channelId, members: [{ userId: 'bob' }] })).toMatchObject({ memberCount: 2 });
  });
});
