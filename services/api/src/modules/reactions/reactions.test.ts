import type { Message } from '@parley/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRoom } from '../../../test/room.ts';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function conversation() {
  const room = await createRoom(world);
  const channelId = await room.open('general');
  const { id: messageId } = await room.act('sendMessage', { channelId, text: 'hello' });
  return { ...room, channelId, messageId };
}

test('reactions are counted by type, and each viewer sees its own', async () => {
  const { act, query, messageId } = await conversation();
  await act('addReaction', { messageId, type: 'like' });
  await act('addReaction', { messageId, type: 'clap', score: 5 }, 'bob');
  const message = await act('addReaction', { messageId, type: 'like' }, 'bob');
  expect(message.reactionGroups).toEqual([
    { type: 'like', count: 2, sumScores: 2 },
    { type: 'clap', count: 1, sumScores: 5 },
  ]);
  expect(message.ownReactions).toEqual([
    { type: 'clap', score: 5 },
    { type: 'like', score: 1 },
  ]);
  const document =
    'query ($id: ID!) { message(id: $id) { ownReactions { type user { id } createdAt } reactionGroups { firstAt lastAt } } }';
  const { message: seen } = await query<{ message: Message }>(document, { id: messageId });
  expect(seen.ownReactions).toEqual([{ type: 'like', user: { id: 'ada' }, createdAt: expect.stringMatching(/Z$/) }]);
  expect(seen.reactionGroups[0]?.firstAt).toMatch(/^\d{4}-.*\.\d{3}Z$/);
});

test('the same again changes nothing, another score replaces the first', async () => {
  const { act, events, channelId, messageId } = await conversation();
  await act('addReaction', { messageId, type: 'like' });
  await act('addReaction', { messageId, type: 'like' });
  expect(await events(channelId, 2)).toHaveLength(1);
  expect((await act('addReaction', { messageId, type: 'like', score: 3 })).reactionGroups).toEqual([
    { type: 'like', count: 1, sumScores: 3 },
  ]);
});

test('an exclusive one takes back the others of the same user only', async () => {
  const { act, events, channelId, messageId } = await conversation();
  await act('addReaction', { messageId, type: 'like' }, 'bob');
  await act('addReaction', { messageId, type: 'like' });
  await act('addReaction', { messageId, type: 'clap' });
  const message = await act('addReaction', { messageId, type: 'wow', exclusive: true });
  expect(message.reactionGroups).toEqual([
    { type: 'like', count: 1, sumScores: 1 },
    { type: 'wow', count: 1, sumScores: 1 },
  ]);
  const last = (await events(channelId, 5)).map((event) => [
    event.__typename,
    'reaction' in event && event.reaction.type,
  ]);
  expect(new Set(last.slice(0, 2))).toEqual(
    new Set([
      ['ReactionRemoved', 'clap'],
      ['ReactionRemoved', 'like'],
    ]),
  );
  expect(last[2]).toEqual(['ReactionAdded', 'wow']);
});

test('removing one that is not there is no event', async () => {
  const { act, events, channelId, messageId } = await conversation();
  await act('addReaction', { messageId, type: 'like' });
  expect((await act('removeReaction', { messageId, type: 'like' })).reactionGroups).toEqual([]);
  await act('removeReaction', { messageId, type: 'like' });
  expect((await events(channelId, 2)).map((event) => event.__typename)).toEqual(['ReactionAdded', 'ReactionRemoved']);
});

test('many at once are all counted', async () => {
  const { act, app, query, channelId, messageId } = await conversation();
  const ids = await app.users(...Array.from({ length: 20 }, (_, index) => `user-${index}`));
  await act('addMembers', { channelId, members: ids.map((userId) => ({ userId })) });
  await Promise.all(ids.map((id) => act('addReaction', { messageId, type: 'like' }, id)));
  const { message } = await query<{ message: Message }>(
    'query ($id: ID!) { message(id: $id) { reactionGroups { count } } }',
    { id: messageId },
  );
  expect(message.reactionGroups).toEqual([{ count: 20 }]);
});

test.each([
  [{ type: '' }, { field: 'type' }],
  [{ type: 'x'.repeat(65) }, { field: 'type', limit: 64 }],
  [
    { type: 'like', score: 0 },
    { field: 'score', limit: 1000 },
  ],
  [
    { type: 'like', score: 1001 },
    { field: 'score', limit: 1000 },
  ],
])('%j is refused', async (input, expected) => {
  const { refused, messageId } = await conversation();
  expect(await refused('addReaction', { messageId, ...input })).toMatchObject({ code: 'invalid_input', ...expected });
});

test('it needs a user who may read the channel', async () => {
  const { refused, messageId } = await conversation();
  expect(await refused('addReaction', { messageId, type: 'like' }, 'eve')).toMatchObject({ code: 'not_found' });
  expect(await refused('addReaction', { messageId, type: 'like' }, 'server')).toMatchObject({ code: 'forbidden' });
});
