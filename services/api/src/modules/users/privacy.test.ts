import { defaultAppSettings, type JsonObject, type PresenceChanged } from '@parley/contracts';
import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createRoom } from '../../../test/room.ts';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';
import { inboxCursor } from '../inbox/cursor.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const details = 'id name image role custom online lastActiveAt';
const hidden = { role: 'user', custom: {}, online: false, lastActiveAt: null };
const whole = { role: 'vip', custom: { plan: 'gold' }, online: true, lastActiveAt: expect.any(String) };

/** Ada shares a channel with bob, and with eve an open one only; all are vip, online and have custom and private data. */
async function town() {
  const room = await createRoom(world);
  const { app } = room;
  const ids = ['ada', 'bob', 'eve'];
  await app.data('mutation ($input: UpsertUsersInput!) { upsertUsers(input: $input) { id } }', {
    input: {
      users: ids.map((id) => ({
        id,
        name: id,
        image: `https://example.com/${id}.png`,
        role: 'vip',
        custom: { plan: 'gold' },
        private: { email: `${id}@example.com` },
      })),
    },
  });
  const channelId = await room.open('general');
  await room.act('sendMessage', { channelId, text: 'hello', mentionedUserIds: ['ada'] }, 'bob');
  await room.act('createChannel', { type: 'livestream', key: 'show', memberIds: ['ada', 'eve'] }, 'server');
  await room.act('sendMessage', { channelId: 'livestream:show', text: 'hi all' }, 'eve');
  await world.call('presence.renew', {
    nodeId: 'node-1',
    ttlMs: 60_000,
    users: ids.map((userId) => ({ appId: app.appId, userId })),
  });
  const look = async (id: string, as = 'ada') =>
    (await room.query<{ user: JsonObject | null }>(`{ user(id: "${id}") { ${details} } }`, {}, as)).user;
  const list = async (as = 'ada', args = '') => {
    const { users } = await room.query<{ users: { nodes: { id: string }[] } }>(
      `{ users${args} { nodes { ${details} } } }`,
      {},
      as,
    );
    return users.nodes.map(({ id }) => id);
  };
  const watch = async (as: string | null, userIds: readonly string[]) => {
    const token = as === null ? await app.serverToken() : await app.token(as);
    const principal = await world.call('session.open', { token, origin: null });
    return await world.call('presence.read', { principal, userIds });
  };
  /** Everything that ada sees of eve, who wrote in the open channel, outside of looking her up. */
  const around = async () => {
    const { channel } = await room.query<{
      channel: { messages: { nodes: { user: object }[] }; members: { nodes: { user: object }[] } };
    }>(
      `{ channel(id: "livestream:show") { messages(last: 1) { nodes { user { ${details} } } } members { nodes { user { ${details} } } } } }`,
    );
    return [channel.messages.nodes[0]?.user, channel.members.nodes[1]?.user];
  };
  return { ...room, channelId, look, list, watch, around };
}

test('an app begins with the settings that are documented, and only a back end changes them', async () => {
  const { app, query, settings } = await createRoom(world);
  const read = '{ app { settings { usersMayCreateUsers userVisibility presenceVisible } } }';
  expect(await query(read)).toEqual({ app: { settings: defaultAppSettings } });
  await settings({ presenceVisible: false });
  expect(await settings({ userVisibility: 'SERVER' })).toEqual({
    usersMayCreateUsers: false,
    userVisibility: 'SERVER',
    presenceVisible: false,
  });
  expect(await query(read)).toMatchObject({ app: { settings: { userVisibility: 'SERVER', presenceVisible: false } } });
  const { errors } = await app.execute(
    'mutation { updateAppSettings(input: { userVisibility: EVERYBODY }) { userVisibility } }',
    {},
    { as: { user: 'ada' } },
  );
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'forbidden', permission: 'server' });
});

describe('who may look up whom', () => {
  test('EVERYBODY: everybody is found, with all that is public', async () => {
    const { look, list, around } = await town();
    expect(await look('eve')).toMatchObject({ id: 'eve', ...whole });
    expect(await list()).toEqual(['ada', 'bob', 'eve']);
    for (const eve of await around()) expect(eve).toMatchObject({ id: 'eve', ...whole });
  });

  test('SHARED_CHANNELS: those of one’s private channels; of the others name and image where they show', async () => {
    const { settings, look, list, around, watch } = await town();
    await settings({ userVisibility: 'SHARED_CHANNELS' });
    expect(await look('bob')).toMatchObject(whole);
    expect(await look('ada')).toMatchObject(whole);
    expect(await look('eve')).toBeNull();
    expect(await list()).toEqual(['ada', 'bob']);
    expect(await list('eve')).toEqual(['eve']);
    expect(await list('ada', '(filter: { or: [{ role: { eq: "vip" } }, { online: true }] })')).toEqual(['ada', 'bob']);
    for (const eve of await around())
      expect(eve).toEqual({ id: 'eve', name: 'eve', image: 'https://example.com/eve.png', ...hidden });
    const { events, hidden: unseen } = await watch('ada', ['bob', 'eve', 'ada']);
    expect(unseen).toEqual(['eve']);
    expect(events).toMatchObject([
      { online: true },
      { userId: 'eve', online: false, lastActiveAt: null },
      { online: true },
    ]);
  });

  test('SHARED_CHANNELS: who left no longer shares it, nor do those of a deleted channel', async () => {
    const { settings, act, look, channelId } = await town();
    await settings({ userVisibility: 'SHARED_CHANNELS' });
    await act('removeMembers', { channelId, userIds: ['bob'] }, 'bob');
    expect(await look('bob')).toBeNull();
    await act('addMembers', { channelId, members: [{ userId: 'bob' }] }, 'server');
    expect(await look('bob')).toMatchObject(whole);
    await act('deleteChannel', { channelId });
    expect(await look('bob')).toBeNull();
  });

  test('SERVER: only oneself; back ends and admins see everybody', async () => {
    const { app, settings, look, list, around, query, watch, channelId } = await town();
    await settings({ userVisibility: 'SERVER' });
    expect(await look('bob')).toBeNull();
    expect(await look('ada')).toMatchObject(whole);
    expect(await list()).toEqual(['ada']);
    for (const eve of await around()) expect(eve).toMatchObject({ name: 'eve', ...hidden });
    const inChannel = `{ channel(id: "${channelId}") { createdBy { ${details} } viewer { membership { user { ${details} } } }
      messages(last: 1) { nodes { user { ${details} } mentionedUsers { ${details} } } } } }`;
    expect(await query(inChannel)).toMatchObject({
      channel: {
        createdBy: { id: 'ada', ...whole },
        viewer: { membership: { user: whole } },
        messages: { nodes: [{ user: { name: 'bob', ...hidden }, mentionedUsers: [whole] }] },
      },
    });
    expect((await watch('ada', ['bob'])).hidden).toEqual(['bob']);
    expect(await watch(null, ['bob'])).toEqual({ events: [expect.objectContaining({ userId: 'bob', online: true })] });
    expect(await list('server')).toEqual(['ada', 'bob', 'eve']);
    await world.db.query(`UPDATE users SET role = 'admin' WHERE app_id = $1 AND user_id = 'eve'`, [app.appId]);
    expect(await look('bob', 'eve')).toMatchObject(whole);
  });
});

describe('where presence is not visible', () => {
  test('nobody but oneself is seen to be online, by no way', async () => {
    const { app, settings, look, watch } = await town();
    await settings({ presenceVisible: false });
    expect(await look('bob')).toMatchObject({ ...whole, online: false, lastActiveAt: null });
    expect(await look('ada')).toMatchObject(whole);
    expect(await watch('ada', ['bob', 'ada'])).toEqual({
      events: [
        { __typename: 'PresenceChanged', userId: 'bob', online: false, lastActiveAt: null } satisfies PresenceChanged,
        expect.objectContaining({ userId: 'ada', online: true }),
      ],
      hidden: ['bob'],
    });
    const refusals: readonly (readonly [string, string])[] = [
      ['filter: { online: true }', 'filter.online'],
      ['filter: { and: [{ or: [{ online: false }] }] }', 'filter.online'],
      ['sort: [{ field: LAST_ACTIVE_AT, direction: DESC }]', 'sort'],
    ];
    for (const [args, field] of refusals) {
      const { errors } = await app.execute(`{ users(${args}) { nodes { id } } }`, {}, { as: { user: 'ada' } });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'invalid_input', field });
      expect((await app.execute(`{ users(${args}) { nodes { id } } }`)).errors).toBeUndefined();
    }
  });
});

describe('private data', () => {
  const read = '{ me { private } user(id: "bob") { private } users { nodes { id private } } }';
  test('is for back ends and for the user itself', async () => {
    const { app, query } = await town();
    expect(await query(read)).toEqual({
      me: { private: { email: 'ada@example.com' } },
      user: { private: null },
      users: {
        nodes: [
          { id: 'ada', private: { email: 'ada@example.com' } },
          { id: 'bob', private: null },
          { id: 'eve', private: null },
        ],
      },
    });
    expect(await app.data('{ user(id: "bob") { private } }')).toEqual({
      user: { private: { email: 'bob@example.com' } },
    });
    // An admin reads every channel, and is a user all the same.
    await world.db.query(`UPDATE users SET role = 'admin' WHERE app_id = $1 AND user_id = 'eve'`, [app.appId]);
    expect(await query('{ user(id: "bob") { private } }', {}, 'eve')).toEqual({ user: { private: null } });
  });

  test('is written by back ends, within the limit of custom data', async () => {
    const { app } = await createRoom(world);
    const upsert = (data: JsonObject) =>
      app.execute('mutation ($input: UpsertUsersInput!) { upsertUsers(input: $input) { private } }', {
        input: { users: [{ id: 'ada', ...data }] },
      });
    expect((await upsert({ private: { a: 1 } })).data).toEqual({ upsertUsers: [{ private: { a: 1 } }] });
    expect((await upsert({ private: { a: 'x'.repeat(5_120) } })).errors?.[0]?.extensions).toMatchObject({
      code: 'invalid_input',
      field: 'users.0.private',
      limit: 5_120,
    });
    // The call replaces, as it does with custom data.
    expect((await upsert({})).data).toEqual({ upsertUsers: [{ private: {} }] });
  });

  test('is in no event, and in nothing else that leaves the API about the user', async () => {
    const { app, act, channelId, events } = await town();
    const published: string[] = [];
    for (const subject of [subjects.channel(app.appId, channelId), subjects.user(app.appId, 'eve')])
      world.bus.subscribe(subject, (payload) => published.push(payload));
    await act('sendMessage', { channelId, text: 'hi', mentionedUserIds: ['bob'] });
    await act('addMembers', { channelId, members: [{ userId: 'eve' }] });
    const principal = await world.call('session.open', { token: await app.token('ada'), origin: null });
    const after = inboxCursor(new Date(0).toISOString(), '');
    const inbox = await world.call('inbox.open', { principal, after, page: null });
    expect(JSON.stringify(inbox)).toContain('ada.png');
    await vi.waitFor(() => expect(published.join()).toContain('ChannelJoined'));
    expect(JSON.stringify([await events(channelId), published, inbox])).not.toContain('@example.com');
  });
});
