import type { Channel, InboxEvent } from '@parley/contracts';
import type { UserBusMessage } from '@parley/contracts/bus';
import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createRoom, type Room } from '../../../test/room.ts';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const openAs = ({ act }: Room, user: string, ...others: readonly string[]) =>
  act<Channel>('createChannel', { type: 'messaging', memberIds: others }, user);

/** A conversation that ada began with bob. */
async function conversation() {
  const room = await createRoom(world);
  const { id: channelId } = await openAs(room, 'ada', 'bob');
  const leave = (user: string) => room.act('removeMembers', { channelId, userIds: [user] }, user);
  const inboxOf = (user: string) => {
    const events: InboxEvent[] = [];
    world.bus.subscribe(subjects.user(room.app.appId, user), (payload) => {
      // The bus carries what our own publisher wrote.
      const message = JSON.parse(payload) as UserBusMessage;
      if (message.kind === 'inbox') events.push(...message.events);
    });
    return events;
  };
  return { ...room, channelId, leave, inboxOf };
}
const seen = (channelId: string) =>
  `{ channel(id: "${channelId}") { memberCount viewer { unreadCount membership { role } } messages(last: 10) { nodes { text } } } }`;

describe('nobody is above the others of a direct conversation', () => {
  test('who began it deletes neither what the other wrote nor the conversation', async () => {
    const { act, refused, query, channelId } = await conversation();
    const { id: messageId } = await act('sendMessage', { channelId, text: 'from bob' }, 'bob');
    for (const hard of [true, false])
      expect(await refused('deleteMessage', { messageId, hard })).toMatchObject({ code: 'forbidden' });
    expect(await refused('deleteChannel', { channelId })).toMatchObject({ permission: 'delete-channel' });
    expect(await refused('removeMembers', { channelId, userIds: ['bob'] })).toMatchObject({
      permission: 'remove-members',
    });
    expect(await query(seen(channelId), {}, 'bob')).toMatchObject({
      channel: {
        memberCount: 2,
        viewer: { membership: { role: 'member' } },
        messages: { nodes: [{ text: 'from bob' }] },
      },
    });
  });

  test('who began it lets nobody else read it', async () => {
    const { refused, channelId } = await conversation();
    expect(await refused('addMembers', { channelId, members: [{ userId: 'eve' }] })).toMatchObject({
      permission: 'add-members',
    });
    expect(await refused('addMembers', { channelId, members: [{ userId: 'bob', role: 'owner' }] })).toMatchObject({
      code: 'forbidden',
    });
  });

  test('a back end may do all of it, and one’s notes to oneself are one’s own', async () => {
    const room = await conversation();
    await room.act('addMembers', { channelId: room.channelId, members: [{ userId: 'eve' }] }, 'server');
    await room.act('deleteChannel', { channelId: room.channelId }, 'server');
    const notes = await openAs(room, 'ada');
    expect(await room.act('deleteChannel', { channelId: notes.id })).toMatchObject({ id: notes.id });
  });
});

describe('a direct conversation that somebody left', () => {
  test('is had again by opening it, with its history, and both are notified', async () => {
    const room = await conversation();
    const { act, query, leave, events, channelId, inboxOf } = room;
    await act('sendMessage', { channelId, text: 'before' });
    await leave('bob');
    expect(await query(seen(channelId), {}, 'bob')).toEqual({ channel: null });
    await act('sendMessage', { channelId, text: 'meanwhile' });
    await world.call('presence.renew', {
      nodeId: 'node-1',
      ttlMs: 30_000,
      users: ['ada', 'bob'].map((userId) => ({ appId: room.app.appId, userId })),
    });
    const [ada, bob] = [inboxOf('ada'), inboxOf('bob')];
    expect(await openAs(room, 'bob', 'ada')).toMatchObject({ id: channelId, memberCount: 2 });
    expect(await query(seen(channelId), {}, 'bob')).toMatchObject({
      channel: {
        viewer: { unreadCount: 0, membership: { role: 'member' } },
        messages: { nodes: [{ text: 'before' }, { text: 'meanwhile' }] },
      },
    });
    expect((await events(channelId)).at(-1)).toMatchObject({
      __typename: 'MembersAdded',
      actor: { id: 'bob' },
      members: [{ user: { id: 'bob' } }],
      memberCount: 2,
    });
    const joined = expect.objectContaining({
      __typename: 'ChannelJoined',
      channel: expect.objectContaining({ id: channelId }),
    });
    await vi.waitFor(() => expect(bob).toContainEqual(joined));
    await vi.waitFor(() =>
      expect(ada).toContainEqual(expect.objectContaining({ __typename: 'ChannelBumped', channelId })),
    );
    // Opening it once more changes nothing.
    const { seq } = await openAs(room, 'bob', 'ada');
    expect(await openAs(room, 'bob', 'ada')).toMatchObject({ seq });
  });

  test('is opened by the other as it is, who may ask the former one back and nobody else', async () => {
    const room = await conversation();
    const { act, refused, query, leave, channelId, inboxOf } = room;
    await leave('bob');
    expect(await openAs(room, 'ada', 'bob')).toMatchObject({ id: channelId, memberCount: 1 });
    for (const members of [[{ userId: 'eve' }], [{ userId: 'bob' }, { userId: 'eve' }], [{ userId: 'nobody' }]])
      expect(await refused('addMembers', { channelId, members })).toMatchObject({ permission: 'add-members' });
    expect(await refused('addMembers', { channelId, members: [{ userId: 'bob', role: 'owner' }] })).toMatchObject({
      code: 'forbidden',
    });
    const events = inboxOf('bob');
    expect(await act('addMembers', { channelId, members: [{ userId: 'bob' }] })).toMatchObject({ memberCount: 2 });
    await vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining({ __typename: 'ChannelJoined' })));
    expect(await query(seen(channelId), {}, 'bob')).toMatchObject({ channel: { memberCount: 2 } });
  });

  test('is had again by both after both left', async () => {
    const room = await conversation();
    await room.leave('bob');
    await room.leave('ada');
    expect(await openAs(room, 'ada', 'bob')).toMatchObject({ id: room.channelId, memberCount: 1 });
    expect(await openAs(room, 'bob', 'ada')).toMatchObject({ id: room.channelId, memberCount: 2 });
  });

  test('is had again once, when it is opened several times at once', async () => {
    const room = await conversation();
    await room.leave('bob');
    const opened = await Promise.all(Array.from({ length: 6 }, () => openAs(room, 'bob', 'ada')));
    expect(new Set(opened.map(({ seq }) => seq)).size).toBe(1);
    expect(opened[0]).toMatchObject({ memberCount: 2 });
  });

  test('stays closed to who was removed from it by the back end', async () => {
    const room = await conversation();
    await room.act('removeMembers', { channelId: room.channelId, userIds: ['bob'] }, 'server');
    expect(await room.refused('createChannel', { type: 'messaging', memberIds: ['ada'] }, 'bob')).toMatchObject({
      code: 'forbidden',
      permission: 'read-channel',
    });
    expect(await room.refused('addMembers', { channelId: room.channelId, members: [{ userId: 'bob' }] })).toMatchObject(
      { permission: 'add-members' },
    );
  });

  test('other channels are not had again by their key', async () => {
    const room = await createRoom(world);
    const channelId = await room.open('general');
    await room.act('removeMembers', { channelId, userIds: ['bob'] }, 'bob');
    expect(await room.query(`{ channel(id: "${channelId}") { id } }`, {}, 'bob')).toEqual({ channel: null });
  });
});
