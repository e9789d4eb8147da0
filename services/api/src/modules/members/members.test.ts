import type { Channel } from '@parley/contracts';
import type { ChannelBusMessage } from '@parley/contracts/bus';
import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createRoom } from '../../../test/room.ts';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Shown = Channel & {
  readonly members: { readonly nodes: readonly { readonly role: string; readonly user: { readonly id: string } }[] };
};
const memberships = ({ members }: Shown) => members.nodes.map(({ role, user }) => `${user.id} ${role}`);

describe('adding', () => {
  test('who is added is a member with everything so far read, and stays when added again', async () => {
    const { act, query, open, events } = await createRoom(world);
    const channelId = await open('general');
    await act('sendMessage', { channelId, text: 'before' });
    const channel = await act<Shown>('addMembers', {
      channelId,
      members: [{ userId: 'eve', custom: { seat: 3 } }, { userId: 'bob' }],
    });
    expect(channel).toMatchObject({ memberCount: 3, seq: 3 });
    expect(memberships(channel)).toEqual(['ada owner', 'bob member', 'eve member']);
    expect(await events(channelId, 2)).toMatchObject([
      { __typename: 'MembersAdded', memberCount: 3, members: [{ user: { id: 'eve' }, custom: { seat: 3 } }] },
    ]);
    await act('addMembers', { channelId, members: [{ userId: 'eve' }] });
    expect(await events(channelId, 3)).toEqual([]);
    const unread = await query(`{ channel(id: "${channelId}") { viewer { readSeq unreadCount } } }`, {}, 'eve');
    expect(unread).toEqual({ channel: { viewer: { readSeq: 3, unreadCount: 0 } } });
  });

  test('who comes back starts anew', async () => {
    const { act, query, open } = await createRoom(world);
    const channelId = await open('general');
    await act('addMembers', { channelId, members: [{ userId: 'bob', role: 'moderator' }] });
    await act('removeMembers', { channelId, userIds: ['bob'] }, 'bob');
    await act('sendMessage', { channelId, text: 'while away' });
    await act('addMembers', { channelId, members: [{ userId: 'bob' }] });
    expect(
      await query(
        `{ channel(id: "${channelId}") { viewer { membership { role } unreadCount } memberCount } }`,
        {},
        'bob',
      ),
    ).toEqual({
      channel: { viewer: { membership: { role: 'member' }, unreadCount: 0 }, memberCount: 2 },
    });
  });

  test('watchers see up to where a user who joins, or joins again, has read', async () => {
    const { app, act, open } = await createRoom(world);
    const channelId = await open('general');
    await act('createChannel', { type: 'livestream', key: 'show' }, 'server');
    const reads: unknown[] = [];
    for (const watched of [channelId, 'livestream:show']) {
      const subscription = world.bus.subscribe(subjects.channel(app.appId, watched), (payload) => {
        // The bus carries what our own publisher wrote.
        const { events } = JSON.parse(payload) as ChannelBusMessage;
        for (const event of events)
          if (event.__typename === 'ReadAdvanced') reads.push([event.channelId, event.userId, event.readSeq]);
      });
      await subscription.ready;
    }
    await act('removeMembers', { channelId, userIds: ['bob'] }, 'bob');
    await act('sendMessage', { channelId, text: 'while away' });
    await act('addMembers', { channelId: 'livestream:show', members: [{ userId: 'eve' }] }, 'eve');
    await act('addMembers', { channelId, members: [{ userId: 'bob' }, { userId: 'ada', custom: { seat: 1 } }] });
    await act('addMembers', { channelId, members: [{ userId: 'bob' }] });
    await act('addMembers', { channelId, members: [{ userId: 'eve' }] });
    await vi.waitFor(() =>
      expect(reads).toEqual([
        [channelId, 'bob', 4],
        [channelId, 'eve', 5],
      ]),
    );
  });

  test('members add nobody, moderators add members, only an owner gives roles', async () => {
    const { act, refused, open } = await createRoom(world);
    const channelId = await open('general');
    const add = { channelId, members: [{ userId: 'eve' }] };
    expect(await refused('addMembers', add, 'bob')).toMatchObject({ code: 'forbidden', permission: 'add-members' });
    expect(await refused('addMembers', add, 'eve')).toMatchObject({ code: 'forbidden', permission: 'read-channel' });
    await act('addMembers', { channelId, members: [{ userId: 'bob', role: 'moderator' }] });
    expect(
      await refused('addMembers', { channelId, members: [{ userId: 'eve', role: 'owner' }] }, 'bob'),
    ).toMatchObject({ code: 'forbidden' });
    expect(
      await refused('addMembers', { channelId, members: [{ userId: 'ada', role: 'member' }] }, 'bob'),
    ).toMatchObject({ code: 'forbidden' });
    expect(memberships(await act<Shown>('addMembers', add, 'bob'))).toEqual([
      'ada owner',
      'bob moderator',
      'eve member',
    ]);
  });

  test('everybody joins an open channel alone, a private one nobody', async () => {
    const { act, refused, open } = await createRoom(world);
    await act('createChannel', { type: 'livestream', key: 'show' }, 'server');
    const join = (channelId: string, userId: string) => ({ channelId, members: [{ userId }] });
    expect(await act<Shown>('addMembers', join('livestream:show', 'eve'), 'eve')).toMatchObject({ memberCount: 1 });
    expect(await refused('addMembers', join('livestream:show', 'bob'), 'eve')).toMatchObject({
      permission: 'add-members',
    });
    const channelId = await open('general');
    expect(await refused('addMembers', join(channelId, 'eve'), 'eve')).toMatchObject({ permission: 'read-channel' });
  });

  test.each([
    [[], { field: 'members', limit: 100 }],
    [Array.from({ length: 101 }, (_, at) => ({ userId: `u${at}` })), { field: 'members', limit: 100 }],
    [[{ userId: 'bad id' }], { field: 'members.0.userId', limit: 255 }],
    [[{ userId: 'bob', role: 'king' }], { field: 'members.0.role' }],
    [[{ userId: 'bob', custom: { a: 'x'.repeat(5_120) } }], { field: 'members.0.custom', limit: 5_120 }],
  ])('%j is refused', async (members, expected) => {
    const { refused, open } = await createRoom(world);
    expect(await refused('addMembers', { channelId: await open('general'), members })).toMatchObject({
      code: 'invalid_input',
      ...expected,
    });
  });
});

describe('removing', () => {
  test('who is removed loses sight of the channel', async () => {
    const { act, query, open, events } = await createRoom(world);
    const channelId = await open('general', ['bob', 'eve']);
    expect(memberships(await act<Shown>('removeMembers', { channelId, userIds: ['bob', 'nobody'] }))).toEqual([
      'ada owner',
      'eve member',
    ]);
    expect(await query(`{ channel(id: "${channelId}") { id } }`, {}, 'bob')).toEqual({ channel: null });
    expect(await events(channelId, 1)).toMatchObject([
      { __typename: 'MembersRemoved', userIds: ['bob'], memberCount: 2, actor: { id: 'ada' } },
    ]);
    await act('removeMembers', { channelId, userIds: ['bob'] });
    expect(await events(channelId, 2)).toEqual([]);
  });

  test('everybody may leave; others are removed by moderators, and those by an owner', async () => {
    const { act, refused, open } = await createRoom(world);
    const channelId = await open('general', ['bob', 'eve']);
    expect(await refused('removeMembers', { channelId, userIds: ['eve'] }, 'bob')).toMatchObject({
      permission: 'remove-members',
    });
    await act('addMembers', { channelId, members: [{ userId: 'bob', role: 'moderator' }] });
    expect(await refused('removeMembers', { channelId, userIds: ['eve', 'ada'] }, 'bob')).toMatchObject({
      code: 'forbidden',
    });
    expect(await act<Shown>('removeMembers', { channelId, userIds: ['eve'] }, 'bob')).toMatchObject({ memberCount: 2 });
    expect(await act<Shown>('removeMembers', { channelId, userIds: ['ada'] }, 'ada')).toMatchObject({ memberCount: 1 });
  });

  test('many joins and leaves at once are counted right', async () => {
    const { act, app, query, open } = await createRoom(world);
    const channelId = await open('general', []);
    const ids = await app.users(...Array.from({ length: 12 }, (_, at) => `user-${at}`));
    await Promise.all(ids.map((userId) => act('addMembers', { channelId, members: [{ userId }] })));
    await Promise.all(ids.slice(0, 5).map((userId) => act('removeMembers', { channelId, userIds: [userId] })));
    const page = await query<{ channel: Shown }>(
      `{ channel(id: "${channelId}") { memberCount members(first: 100) { nodes { role user { id } } } } }`,
    );
    expect(page.channel.memberCount).toBe(8);
    expect(page.channel.members.nodes).toHaveLength(8);
  });
});

test('members come in pages, by id', async () => {
  const { act, app, query, open } = await createRoom(world);
  const channelId = await open('general', []);
  const ids = await app.users('c1', 'c2', 'c3', 'c4');
  await act('addMembers', { channelId, members: ids.map((userId) => ({ userId })) });
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const {
      channel,
    }: {
      channel: {
        members: { nodes: { user: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      };
    } = await query(
      `query ($after: String) { channel(id: "${channelId}") { members(first: 2, after: $after) { nodes { user { id } } pageInfo { hasNextPage endCursor } } } }`,
      { after },
    );
    seen.push(...channel.members.nodes.map(({ user }) => user.id));
    after = channel.members.pageInfo.hasNextPage ? channel.members.pageInfo.endCursor : null;
  } while (after !== null);
  expect(seen).toEqual(['ada', 'c1', 'c2', 'c3', 'c4']);
  const { errors } = await app.execute(
    `{ channel(id: "${channelId}") { members(first: 101) { nodes { role } } } }`,
    {},
    { as: { user: 'ada' } },
  );
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'invalid_input', field: 'first', limit: 100 });
});
