import type { ChannelBusMessage } from '@parley/contracts/bus';
import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createRoom } from '../../../test/room.ts';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';
import type { ReadState } from './service.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function conversation() {
  const room = await createRoom(world);
  const channelId = await room.open('general');
  const seen: unknown[] = [];
  const subscription = world.bus.subscribe(subjects.channel(room.app.appId, channelId), (payload) => {
    // The bus carries what our own publisher wrote.
    const { events } = JSON.parse(payload) as ChannelBusMessage;
    seen.push(...events.filter((event) => event.__typename === 'ReadAdvanced' || event.__typename === 'TypingChanged'));
  });
  await subscription.ready;
  for (const text of ['one', 'two', 'three']) await room.act('sendMessage', { channelId, text });
  const mark = (seq?: number, user = 'bob') =>
    room.act<ReadState>('markRead', { channelId, ...(seq === undefined ? {} : { seq }) }, user);
  return { ...room, channelId, mark, seen };
}

test('everything is read by default, and the others are notified', async () => {
  const { mark, seen, channelId, query } = await conversation();
  expect(await mark()).toEqual({
    readSeq: 4,
    unreadCount: 0,
    readAt: expect.stringMatching(/Z$/),
    user: { id: 'bob' },
  });
  await vi.waitFor(() =>
    expect(seen).toMatchObject([{ __typename: 'ReadAdvanced', userId: 'bob', readSeq: 4, channelId }]),
  );
  const viewer = await query(
    'query ($id: ID!) { channel(id: $id) { viewer { readSeq unreadCount unreadMentions } } }',
    { id: channelId },
    'bob',
  );
  expect(viewer).toEqual({ channel: { viewer: { readSeq: 4, unreadCount: 0, unreadMentions: 0 } } });
});

test('the pointer goes to the place asked for, never back and never past the head', async () => {
  const { mark, seen } = await conversation();
  expect(await mark(3)).toMatchObject({ readSeq: 3, unreadCount: 1 });
  expect(await mark(2)).toMatchObject({ readSeq: 3, unreadCount: 1 });
  // Nor in what is kept, which the next answer shows.
  expect(await mark(2)).toMatchObject({ readSeq: 3, unreadCount: 1 });
  expect(await mark(1_000)).toMatchObject({ readSeq: 4, unreadCount: 0 });
  await mark(3);
  await vi.waitFor(() => expect(seen).toMatchObject([{ readSeq: 3 }, { readSeq: 4 }]));
});

test('a retry is published again, since the first may have reached nobody', async () => {
  const { mark, seen } = await conversation();
  await mark(3);
  await mark(3);
  await vi.waitFor(() => expect(seen).toMatchObject([{ readSeq: 3 }, { readSeq: 3 }]));
});

test('of several at once the farthest wins', async () => {
  const { mark } = await conversation();
  await Promise.all([2, 4, 3].map((seq) => mark(seq)));
  expect(await mark(0)).toMatchObject({ readSeq: 4 });
});

test('it needs a member', async () => {
  const { refused, channelId, app } = await conversation();
  expect(await refused('markRead', { channelId }, 'eve')).toMatchObject({ code: 'forbidden' });
  expect(await refused('markRead', { channelId }, 'server')).toMatchObject({ code: 'forbidden' });
  const { errors } = await app.execute(
    `mutation { markRead(input: { channelId: "${channelId}", seq: -1 }) { readSeq } }`,
    {},
    { as: { user: 'bob' } },
  );
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'invalid_query' });
});

test('typing is published to the others and kept nowhere', async () => {
  const { act, refused, seen, channelId, events } = await conversation();
  expect(await act<boolean>('setTyping', { channelId, typing: true }, 'bob')).toBe(true);
  await vi.waitFor(() =>
    expect(seen).toMatchObject([{ __typename: 'TypingChanged', user: { id: 'bob' }, typing: true, parentId: null }]),
  );
  expect(await events(channelId, 4)).toEqual([]);
  expect(await refused('setTyping', { channelId, typing: true }, 'eve')).toMatchObject({ code: 'forbidden' });
  await act('createChannel', { type: 'livestream', key: 'show' }, 'server');
  expect(await refused('setTyping', { channelId: 'livestream:show', typing: true })).toMatchObject({
    code: 'feature_disabled',
  });
});
