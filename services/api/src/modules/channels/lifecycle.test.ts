import type { Channel } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelFields, createRoom } from '../../../test/room.ts';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const read = `query ($id: ID!) { channel(id: $id) { ${channelFields} viewer { membership { role } capabilities } members { nodes { role user { id } } } } }`;

describe('creating', () => {
  test('makes the creator the owner, the others members, and says so in the log', async () => {
    const { act, query, events } = await createRoom(world);
    const channel = await act<Channel>('createChannel', {
      type: 'messaging',
      key: 'general',
      name: 'General',
      custom: { a: 1 },
      memberIds: ['bob', 'bob'],
    });
    expect(channel).toMatchObject({
      id: 'messaging:general',
      type: 'messaging',
      key: 'general',
      name: 'General',
      custom: { a: 1 },
      seq: 1,
      memberCount: 2,
      createdBy: { id: 'ada' },
      lastMessageAt: null,
    });
    const seen = await query(read, { id: channel.id }, 'bob');
    expect(seen).toMatchObject({
      channel: {
        viewer: {
          membership: { role: 'member' },
          capabilities: expect.arrayContaining(['read-channel', 'send-message', 'leave-channel']),
        },
        members: {
          nodes: [
            { role: 'owner', user: { id: 'ada' } },
            { role: 'member', user: { id: 'bob' } },
          ],
        },
      },
    });
    expect(await events(channel.id)).toMatchObject([
      {
        __typename: 'MembersAdded',
        seq: 1,
        actor: { id: 'ada' },
        memberCount: 2,
        members: [{ role: 'owner' }, { role: 'member' }],
      },
    ]);
  });

  test('again gives the same channel; saying something else of it is a conflict', async () => {
    const { act, refused, events } = await createRoom(world);
    const input = { type: 'messaging', key: 'general', name: 'General', memberIds: ['bob'] };
    const first = await act<Channel>('createChannel', input);
    expect(await act<Channel>('createChannel', input)).toEqual(first);
    expect(await act<Channel>('createChannel', { type: 'messaging', key: 'general' }, 'bob')).toEqual(first);
    expect(await refused('createChannel', { ...input, name: 'Other' })).toMatchObject({ code: 'conflict' });
    expect(await refused('createChannel', { ...input, memberIds: ['eve'] })).toMatchObject({ code: 'conflict' });
    expect(await events(first.id)).toHaveLength(1);
  });

  test('of many who create it at once, one does', async () => {
    const { act, events } = await createRoom(world);
    const made = await Promise.all(
      Array.from({ length: 8 }, () =>
        act<Channel>('createChannel', { type: 'messaging', key: 'rush', memberIds: ['bob'] }),
      ),
    );
    expect(new Set(made.map((channel) => JSON.stringify(channel))).size).toBe(1);
    expect(await events('messaging:rush')).toHaveLength(1);
  });

  test('without a key there is one channel for a set of members, whoever opens it', async () => {
    const { act } = await createRoom(world);
    const open = (user: string, memberIds: string[]) =>
      act<Channel>('createChannel', { type: 'messaging', memberIds }, user);
    const one = await open('ada', ['bob']);
    expect(await open('bob', ['ada', 'bob'])).toEqual(one);
    const three = await open('ada', ['bob', 'eve']);
    expect(three.id).not.toBe(one.id);
    await act('deleteChannel', { channelId: one.id }, 'server');
    const next = await open('ada', ['bob']);
    expect(next.id).not.toBe(one.id);
    expect(next).toMatchObject({ seq: 1, memberCount: 2 });
    expect(await open('bob', ['ada'])).toEqual(next);
  });

  test('a member whom a back end names is known from then on', async () => {
    const { act, query } = await createRoom(world);
    await act('createChannel', { type: 'messaging', key: 'new', memberIds: ['newcomer'] }, 'server');
    expect(await query('{ user(id: "newcomer") { id role } }')).toEqual({ user: { id: 'newcomer', role: 'user' } });
    expect(await query('{ channel(id: "messaging:new") { memberCount } }', {}, 'newcomer')).toEqual({
      channel: { memberCount: 1 },
    });
  });

  test.each([
    [
      { type: 'party', key: 'a' },
      { code: 'invalid_input', field: 'type' },
    ],
    [
      { type: 'messaging', key: 'no spaces' },
      { code: 'invalid_input', field: 'key', limit: 64 },
    ],
    [
      { type: 'messaging', key: 'k'.repeat(65) },
      { code: 'invalid_input', field: 'key', limit: 64 },
    ],
    [
      { type: 'messaging', key: '!members-x' },
      { code: 'invalid_input', field: 'key' },
    ],
    [
      { type: 'messaging', key: 'a', name: 'n'.repeat(256) },
      { code: 'invalid_input', field: 'name', limit: 255 },
    ],
    [
      { type: 'messaging', key: 'a', image: 'data:text/html,x' },
      { code: 'invalid_input', field: 'image' },
    ],
    [
      { type: 'messaging', key: 'a', custom: { a: 'x'.repeat(5_120) } },
      { code: 'invalid_input', field: 'custom', limit: 5_120 },
    ],
    [
      { type: 'messaging', key: 'a', memberIds: ['bad id'] },
      { code: 'invalid_input', field: 'memberIds.0', limit: 255 },
    ],
    [
      { type: 'messaging', key: 'a', memberIds: Array.from({ length: 100 }, (_, at) => `u${at}`) },
      { code: 'invalid_input', field: 'memberIds', limit: 100 },
    ],
    [
      { type: 'livestream', key: 'a' },
      { code: 'forbidden', permission: 'create-channel' },
    ],
  ])('%j is refused', async (input, expected) => {
    const { refused } = await createRoom(world);
    expect(await refused('createChannel', input)).toMatchObject(expected);
  });
});

describe('changing', () => {
  test('what is absent stays, null empties, nothing new is no event', async () => {
    const { act, events, open } = await createRoom(world);
    const channelId = await open('general');
    await act('updateChannel', { channelId, name: 'General', custom: { a: 1 } });
    const renamed = await act<Channel>('updateChannel', { channelId, name: 'Other' });
    expect(renamed).toMatchObject({ name: 'Other', custom: { a: 1 }, seq: 3 });
    expect(await act<Channel>('updateChannel', { channelId, name: 'Other' })).toEqual(renamed);
    expect(await act<Channel>('updateChannel', { channelId, name: null, custom: null })).toMatchObject({
      name: null,
      custom: {},
      seq: 4,
    });
    expect((await events(channelId, 2)).map((event) => ('channel' in event ? event.channel : null))).toMatchObject([
      { name: 'Other', seq: 3, updatedAt: renamed.updatedAt },
      { name: null, seq: 4 },
    ]);
  });

  test('who is neither owner nor moderator may not', async () => {
    const { refused, open, act } = await createRoom(world);
    const channelId = await open('general');
    expect(await refused('updateChannel', { channelId, name: 'x' }, 'bob')).toMatchObject({
      code: 'forbidden',
      permission: 'update-channel',
    });
    expect(await refused('deleteChannel', { channelId }, 'bob')).toMatchObject({
      code: 'forbidden',
      permission: 'delete-channel',
    });
    expect(await refused('updateChannel', { channelId: 'messaging:nowhere', name: 'x' }, 'server')).toMatchObject({
      code: 'not_found',
    });
    await act('addMembers', { channelId, members: [{ userId: 'bob', role: 'moderator' }] });
    expect(await act<Channel>('updateChannel', { channelId, name: 'x' }, 'bob')).toMatchObject({ name: 'x' });
  });
});

test('a deleted channel is gone for all, and its id is not used again', async () => {
  const { act, refused, query, open, events } = await createRoom(world);
  const channelId = await open('general');
  const message = await act('sendMessage', { channelId, text: 'hello' });
  expect(await act<Channel>('deleteChannel', { channelId })).toMatchObject({ id: channelId, seq: 3 });
  expect(await query(read, { id: channelId })).toEqual({ channel: null });
  expect(await query('query ($id: ID!) { message(id: $id) { id } }', { id: message.id })).toEqual({ message: null });
  expect(await refused('sendMessage', { channelId, text: 'still there?' })).toMatchObject({ code: 'forbidden' });
  expect(await refused('sendMessage', { channelId, text: 'still there?' }, 'server')).toMatchObject({
    code: 'not_found',
  });
  expect(await refused('createChannel', { type: 'messaging', key: 'general' }, 'server')).toMatchObject({
    code: 'conflict',
    field: 'key',
  });
  expect((await events(channelId)).at(-1)).toMatchObject({
    __typename: 'ChannelDeleted',
    seq: 3,
    actor: { id: 'ada' },
  });
});
