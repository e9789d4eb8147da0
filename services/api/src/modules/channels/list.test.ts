import type { Channel, ChannelFilter, ChannelSort, JsonObject } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Room } from '../../../test/room.ts';
import { channelFields, createRoom } from '../../../test/room.ts';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

interface Query {
  readonly filter?: ChannelFilter;
  readonly sort?: readonly ChannelSort[];
  readonly first?: number;
  readonly after?: string;
}
interface Listed {
  readonly nodes: readonly Channel[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly endCursor: string | null;
  };
}

const document = `query ($filter: ChannelFilter, $sort: [ChannelSort!], $first: Int, $after: String) {
  channels(filter: $filter, sort: $sort, first: $first, after: $after) { nodes { ${channelFields} } pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
// The variables of a query are JSON by nature; the readonly lists of the filter's type are not known as such.
const variables = (query: Query) => JSON.parse(JSON.stringify(query)) as JsonObject;
const list = async (room: Room, query: Query = {}, user = 'ada') =>
  (await room.query<{ channels: Listed }>(document, variables(query), user)).channels;
const keys = ({ nodes }: Listed) => nodes.map(({ key }) => key);

describe('what is listed', () => {
  test('channels of which one is a member and open ones, the newest conversation first', async () => {
    const room = await createRoom(world);
    const [one, , three] = [await room.open('one'), await room.open('two'), await room.open('three')];
    await room.act('createChannel', { type: 'messaging', key: 'private' }, 'eve');
    await room.act('createChannel', { type: 'livestream', key: 'show' }, 'server');
    await room.act('sendMessage', { channelId: three, text: 'hi' });
    await room.act('sendMessage', { channelId: one, text: 'hi' });
    expect(keys(await list(room))).toEqual(['one', 'three', 'show', 'two']);
    expect(keys(await list(room, {}, 'eve'))).toEqual(['show', 'private']);
    expect(keys(await list(room, {}, 'server')).sort()).toEqual(['one', 'private', 'show', 'three', 'two']);
    await room.act('removeMembers', { channelId: one, userIds: ['bob'] });
    await room.act('deleteChannel', { channelId: three });
    expect(keys(await list(room, {}, 'bob'))).toEqual(['show', 'two']);
  });

  test('the filter narrows it', async () => {
    const room = await createRoom(world);
    await room.act('createChannel', {
      type: 'team',
      key: 'dev',
      custom: { topic: 'code', level: 3 },
      memberIds: ['bob', 'eve'],
    });
    const chat = await room.open('chat');
    await room.act('sendMessage', { channelId: chat, text: 'hi' }, 'bob');
    const find = async (filter: ChannelFilter, user = 'ada') => keys(await list(room, { filter }, user));
    expect(await find({ type: { eq: 'team' } })).toEqual(['dev']);
    expect(await find({ members: { contains: ['eve'] } })).toEqual(['dev']);
    expect(await find({ members: { equals: ['bob', 'ada'] } })).toEqual(['chat']);
    expect(await find({ hasUnread: true })).toEqual(['chat']);
    expect(await find({ hasUnread: true }, 'bob')).toEqual([]);
    expect(
      await find({
        custom: [
          { path: 'level', number: { gt: 2 } },
          { path: 'topic', string: { startsWith: 'co' } },
        ],
      }),
    ).toEqual(['dev']);
    expect(await find({ not: { or: [{ type: { eq: 'team' } }, { memberCount: { lt: 2 } }] } })).toEqual(['chat']);
    expect(await find({ createdById: { eq: 'bob' } })).toEqual([]);
    expect(await find({ hasUnread: false }, 'server')).toEqual(['chat', 'dev']);
  });

  test.each<[string, JsonObject, object]>([
    ['nested too deep', { not: { not: { not: { not: { not: { not: {} } } } } } }, { limit: 6 }],
    ['too many parts', { and: Array.from({ length: 60 }, () => ({})) }, { limit: 60 }],
    ['too many values', { id: { in: Array.from({ length: 101 }, () => 'a:b') } }, { field: 'filter.id', limit: 100 }],
    ['a path too long', { custom: [{ path: 'a'.repeat(129) }] }, { field: 'filter.custom.0.path', limit: 128 }],
    ['a null character', { type: { contains: '\0' } }, { field: 'filter.type' }],
  ])('a filter that is %s is refused', async (_name, filter, expected) => {
    const { app } = await createRoom(world);
    const { errors } = await app.execute(document, { filter }, { as: { user: 'ada' } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'invalid_input', ...expected });
  });
});

describe('paging', () => {
  test('every order comes through in pages, each channel once, ties broken by id', async () => {
    const room = await createRoom(world);
    for (const key of ['d', 'b', 'a', 'c', 'f', 'e', 'g']) await room.open(key, key < 'd' ? ['bob', 'eve'] : []);
    for (const key of ['c', 'a', 'f'])
      await room.act('sendMessage', { channelId: `messaging:${key}`, text: 'hi' }, 'server');
    await room.act('sendMessage', { channelId: 'messaging:b', text: 'hi' }, 'bob');
    const orders: readonly (readonly [readonly ChannelSort[], readonly string[]])[] = [
      [[{ field: 'LAST_MESSAGE_AT', direction: 'DESC' }], ['b', 'f', 'a', 'c', 'd', 'e', 'g']],
      [[{ field: 'LAST_MESSAGE_AT', direction: 'ASC' }], ['d', 'e', 'g', 'c', 'a', 'f', 'b']],
      [[{ field: 'CREATED_AT', direction: 'ASC' }], ['d', 'b', 'a', 'c', 'f', 'e', 'g']],
      [[{ field: 'MEMBER_COUNT', direction: 'DESC' }], ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
      [
        [
          { field: 'MEMBER_COUNT', direction: 'ASC' },
          { field: 'LAST_MESSAGE_AT', direction: 'DESC' },
        ],
        ['f', 'd', 'e', 'g', 'b', 'a', 'c'],
      ],
      [
        [
          { field: 'UNREAD_COUNT', direction: 'DESC' },
          { field: 'MEMBER_COUNT', direction: 'ASC' },
        ],
        ['b', 'd', 'e', 'f', 'g', 'a', 'c'],
      ],
    ];
    for (const [sort, expected] of orders) {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page: Listed = await list(room, { sort, first: 2, ...(after === null ? {} : { after }) });
        expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
        seen.push(...keys(page));
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null);
      expect(seen, JSON.stringify(sort)).toEqual(expected);
    }
  });

  test('a cursor of another order, a made-up one and a page over the limit are refused', async () => {
    const room = await createRoom(world);
    await room.open('one');
    const { pageInfo } = await list(room, { sort: [{ field: 'CREATED_AT', direction: 'ASC' }] });
    const refused = async (query: JsonObject) =>
      (await room.app.execute(document, query, { as: { user: 'ada' } })).errors?.[0]?.extensions;
    expect(await refused({ after: pageInfo.endCursor ?? '' })).toMatchObject({ code: 'invalid_input', field: 'after' });
    for (const after of ['', 'nonsense', 'WzEsMl0', 'e30'])
      expect(await refused({ after })).toMatchObject({ code: 'invalid_input', field: 'after' });
    expect(await refused({ first: 101 })).toMatchObject({ code: 'invalid_input', field: 'first', limit: 100 });
    const twice = ['ASC', 'DESC'].map((direction) => ({ field: 'CREATED_AT', direction }));
    expect(await refused({ sort: twice })).toMatchObject({ code: 'invalid_input', field: 'sort' });
  });
});

test('a page of 25 channels with last messages, members and the viewer costs at most 6 statements', async () => {
  const room = await createRoom(world);
  for (let at = 0; at < 25; at += 1) {
    const channelId = await room.open(`c${at}`, ['bob', 'eve']);
    await room.act('sendMessage', { channelId, text: 'hi', mentionedUserIds: ['ada'] }, 'bob');
  }
  const page = `{ channels(first: 25) { nodes { ${channelFields} createdBy { name online }
    messages(last: 1) { nodes { id text user { id name online } mentionedUsers { id } reactionGroups { type } quoted { id } } }
    members(first: 10) { nodes { role user { id name online } } }
    viewer { membership { role user { id } } capabilities readSeq unreadCount unreadMentions } } } }`;
  const { value, statements } = await world.statements(() =>
    room.query<{
      channels: { nodes: { messages: { nodes: unknown[] }; members: { nodes: unknown[] }; viewer: object }[] };
    }>(page),
  );
  expect(value.channels.nodes).toHaveLength(25);
  for (const channel of value.channels.nodes) {
    expect(channel.messages.nodes).toMatchObject([{ text: 'hi', user: { id: 'bob' } }]);
    expect(channel.members.nodes).toHaveLength(3);
    expect(channel.viewer).toMatchObject({ membership: { role: 'owner' }, unreadCount: 1, unreadMentions: 1 });
  }
  // The node's jobs run beside it; a page only reads, and none of what they touch.
  const ofPage = statements.filter((statement) => !/outbox|DELETE|BEGIN|COMMIT/.test(statement));
  expect(ofPage.length, ofPage.join('\n---\n')).toBeLessThanOrEqual(6);
});
