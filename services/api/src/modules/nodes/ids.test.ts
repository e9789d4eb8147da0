import { randomUUID } from 'node:crypto';
import { channelTypes } from '@parley/contracts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createRoom, type Room } from '../../../test/room.ts';
import { createWorld, type World } from '../../../test/world.ts';
import type { Sql } from '../../platform/sql.ts';
import { welcomeUsers } from '../auth/repository.ts';
import { insertChannel } from '../channels/repository.ts';
import { replaceUsers } from '../users/repository.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const upsert = 'mutation ($users: [UserInput!]!) { upsertUsers(input: { users: $users }) { id } }';
const refusalOf = async ({ app }: Room, document: string, variables = {}, options = {}) => {
  const { errors, data } = await app.execute(document, variables, options);
  if (errors?.[0] === undefined) throw new Error(`expected a refusal, got ${JSON.stringify(data)}`);
  return { message: errors[0].message, ...errors[0].extensions };
};
const usersOf = async ({ app }: Room) =>
  (
    await world.db.query<{ id: string }>('SELECT user_id AS id FROM users WHERE app_id = $1 ORDER BY 1', [app.appId])
  ).map(({ id }) => id);

/** Every place that makes users. */
const makers: Readonly<Record<string, (room: Room, id: string) => Promise<object>>> = {
  'upsertUsers, which says which of them it was': async (room, id) => {
    const refusal = await refusalOf(room, upsert, { users: [{ id: 'new' }, { id }] });
    expect(refusal).toMatchObject({ code: 'conflict', field: 'users.1.id' });
    return refusal;
  },
  'addMembers of a back end': async (room, id) => {
    const refusal = await room.refused(
      'addMembers',
      { channelId: await room.open('other'), members: [{ userId: 'eve' }, { userId: id }] },
      'server',
    );
    expect(refusal).toMatchObject({ code: 'conflict', field: 'members.1.userId' });
    return refusal;
  },
  'createChannel of a back end': async (room, id) => {
    const refusal = await room.refused(
      'createChannel',
      { type: 'messaging', key: 'third', memberIds: ['ada', id] },
      'server',
    );
    expect(refusal).toMatchObject({ code: 'conflict', field: 'memberIds.1' });
    return refusal;
  },
  'deleteUsers of somebody who is not known yet': async (room, id) => {
    const refusal = await refusalOf(room, 'mutation ($ids: [ID!]!) { deleteUsers(input: { userIds: $ids }) { id } }', {
      ids: [id],
    });
    expect(refusal).toMatchObject({ code: 'conflict', field: 'userIds.0' });
    return refusal;
  },
  'revokeTokens of somebody who is not known yet': async (room, id) => {
    const refusal = await refusalOf(room, 'mutation ($id: ID!) { revokeTokens(input: { userId: $id }) { id } }', {
      id,
    });
    expect(refusal).toMatchObject({ code: 'conflict', field: 'userId' });
    return refusal;
  },
  'a first token': async (room, id) => {
    const refusal = await refusalOf(room, '{ me { id } }', {}, { as: { user: id } });
    expect(refusal).toMatchObject({ code: 'unauthenticated' });
    return refusal;
  },
};

test.each(Object.entries(makers))('the id of a channel is refused for a user by %s', async (_place, make) => {
  const room = await createRoom(world);
  const channelId = await room.open('general', ['ada', 'bob']);
  const before = await usersOf(room);
  expect(await make(room, channelId)).toMatchObject({
    message: expect.stringMatching(/; the id messaging:general is that of .* give the user another one$/),
  });
  expect(await usersOf(room)).toEqual(before);
});

test('presence makes no user of it either', async () => {
  const room = await createRoom(world);
  const channelId = await room.open('general');
  const user = { appId: room.app.appId, userId: channelId };
  await expect(world.call('presence.renew', { nodeId: 'node', ttlMs: 1_000, users: [user] })).rejects.toThrow(
    /the id messaging:general/,
  );
  expect(await usersOf(room)).not.toContain(channelId);
});

test('of many first tokens at once only that one is refused', async () => {
  const room = await createRoom(world);
  const channelId = await room.open('general');
  const ids = ['amy', channelId, 'zoe'];
  const tokens = await Promise.all(ids.map((id) => room.app.token(id)));
  const opened = await Promise.all(
    tokens.map((token) => world.call('session.open', { token, origin: null }).catch(() => 'refused')),
  );
  expect(opened.map((one) => (one === 'refused' ? one : 'opened'))).toEqual(['opened', 'refused', 'opened']);
});

test('the ids of the app, of its keys and of channels of every type are in the form that is looked at', async () => {
  const room = await createRoom(world);
  const { appId, keyId } = room.app;
  const channelIds = [];
  for (const type of channelTypes)
    channelIds.push((await room.act<{ id: string }>('createChannel', { type, key: 'A_key-1' }, 'server')).id);
  for (const id of [appId, keyId, ...channelIds])
    expect(await refusalOf(room, upsert, { users: [{ id }] })).toMatchObject({ code: 'conflict' });
});

test('an id that only looks like another is fine, in this app and beside others', async () => {
  const [room, other] = [await createRoom(world), await createRoom(world)];
  await other.open('general');
  await room.app.users('support:alice', 'messaging:general', other.app.appId);
  expect(await usersOf(room)).toEqual(expect.arrayContaining(['support:alice', 'messaging:general', other.app.appId]));
});

test('the id of a user is refused for a channel, with the cure, and the channel is not there', async () => {
  const room = await createRoom(world);
  await room.app.users('messaging:general');
  expect(
    await refusalOf(room, 'mutation ($input: CreateChannelInput!) { createChannel(input: $input) { id } }', {
      input: { type: 'messaging', key: 'general' },
    }),
  ).toMatchObject({
    code: 'conflict',
    field: 'key',
    message: 'unable to create channel; the id messaging:general is that of a user, choose another key',
  });
  expect(await room.query('{ node(id: "messaging:general") { __typename } }')).toEqual({
    node: { __typename: 'User' },
  });
});

test('users and channels that had one id before are there as they were, and can be changed', async () => {
  const room = await createRoom(world);
  const channelId = await room.open('general', ['ada', 'bob']);
  await world.db.query('ALTER TABLE users DISABLE TRIGGER USER');
  await room.app.users(channelId);
  await world.db.query('ALTER TABLE users ENABLE TRIGGER USER');
  await room.app.users(channelId);
  expect(await room.act('createChannel', { type: 'messaging', key: 'general' }, 'server')).toMatchObject({
    id: channelId,
  });
  expect(await room.query('{ me { id } }', {}, channelId)).toEqual({ me: { id: channelId } });
});

/** Does `first` in a transaction that commits when `second` waits for it. */
async function overtaken(first: (sql: Sql) => Promise<unknown>, second: () => Promise<unknown>): Promise<unknown> {
  const ready = Promise.withResolvers<Promise<unknown>>();
  await world.db.transaction(async (sql) => {
    await first(sql);
    const outcome = second().catch((error: unknown) => error);
    ready.resolve(outcome);
    await vi.waitFor(async () => {
      const waiting = await world.db.query(
        `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      expect(waiting).toHaveLength(1);
    });
  });
  return await ready.promise;
}

test('a user is refused the id of a channel that was being made when it began', async () => {
  const room = await createRoom(world);
  const draft = { id: 'messaging:race', type: 'messaging', key: 'race', name: null, image: null, custom: {} };
  const outcome = await overtaken(
    (sql) => insertChannel(sql, room.app.appId, { ...draft, createdBy: null, distinctKey: null }),
    () => refusalOf(room, upsert, { users: [{ id: draft.id }] }),
  );
  expect(outcome).toMatchObject({ code: 'conflict', field: 'users.0.id' });
});

test('a channel is refused the id of a user that was being made when it began', async () => {
  const room = await createRoom(world);
  const user = { id: 'messaging:race', name: null, image: null, role: 'user', custom: {}, private: {} };
  const outcome = await overtaken(
    (sql) => replaceUsers(sql, room.app.appId, [user]),
    () => room.refused('createChannel', { type: 'messaging', key: 'race' }, 'server'),
  );
  expect(outcome).toMatchObject({ code: 'conflict', field: 'key' });
});

test('a first token that loses such a race is refused, and those beside it are not', async () => {
  const room = await createRoom(world);
  const draft = { id: 'messaging:race', type: 'messaging', key: 'race', name: null, image: null, custom: {} };
  const users = ['amy', draft.id, 'zoe'].map((userId) => ({ appId: room.app.appId, userId }));
  const outcome = await overtaken(
    (sql) => insertChannel(sql, room.app.appId, { ...draft, createdBy: null, distinctKey: null }),
    () => welcomeUsers(world.db, users),
  );
  expect(outcome).toEqual(['user', null, 'user']);
});

test('a message cannot be sent under the id of a user, as a row, as a reply or with a quote', async () => {
  const room = await createRoom(world);
  const channelId = await room.open('general', ['ada', 'bob']);
  const first = await room.act('sendMessage', { channelId, text: 'first' });
  const id = randomUUID();
  await room.app.users(id);
  for (const more of [{}, { parentId: first.id }, { quotedId: first.id }])
    expect(await room.refused('sendMessage', { channelId, id: id.toUpperCase(), text: 'mine', ...more })).toMatchObject(
      {
        code: 'conflict',
        field: 'id',
        message: `unable to send message; the id ${id} is that of something else, send it with another UUID`,
      },
    );
  expect(await room.events(channelId, first.seq)).toEqual([]);
  await room.act('sendMessage', { channelId, text: 'next' });
});

test('a user is made whatever ids messages have, and sending such a message again gives what it gave', async () => {
  const room = await createRoom(world);
  const channelId = await room.open('general', ['ada', 'bob']);
  const message = await room.act('sendMessage', { channelId, text: 'first', id: randomUUID() });
  await room.app.users(message.id);
  expect(await room.act('sendMessage', { channelId, text: 'first', id: message.id })).toEqual(message);
  expect(await room.query(`{ node(id: "${message.id}") { __typename } }`)).toEqual({ node: { __typename: 'User' } });
});

test('an attachment has an id that no message can be sent under', async () => {
  const room = await createRoom(world);
  const channelId = await room.open('general');
  const { attachments } = await room.act('sendMessage', { channelId, attachments: [{ type: 'link' }] });
  expect(attachments).toEqual([expect.objectContaining({ id: expect.stringMatching(/^attachment\/[0-9a-f-]{36}$/) })]);
});

test("a user who may create users by naming them makes none under the id of a message, nor in the form of a channel's", async () => {
  const room = await createRoom(world);
  await room.settings({ usersMayCreateUsers: true });
  const channelId = await room.open('general');
  const { id: messageId } = await room.act('sendMessage', { channelId, text: 'hi' });
  await room.open('secret', ['eve']);
  const refused = async (userId: string) =>
    (await room.refused('addMembers', { channelId, members: [{ userId }] })).message?.replace(userId, '…');
  // The same whether there is such a channel: nobody finds out.
  expect(await refused('messaging:secret')).toBe(await refused('messaging:none'));
  expect(
    await room.refused('createChannel', { type: 'messaging', memberIds: ['messaging:none'] }, 'bob'),
  ).toMatchObject({
    code: 'not_found',
    field: 'memberIds.0',
  });
  expect(await room.refused('addMembers', { channelId, members: [{ userId: messageId }] })).toMatchObject({
    code: 'not_found',
  });
  await room.act('addMembers', { channelId, members: [{ userId: randomUUID() }, { userId: 'joe' }] });
  expect(await room.open('none')).toBe('messaging:none');
});
