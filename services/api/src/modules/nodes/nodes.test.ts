import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRoom } from '../../../test/room.ts';
import { createWorld, type World } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const nodesOf = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id
  ... on User { name } ... on Channel { memberCount } ... on Message { text user { name } } } }`;

async function scene() {
  const room = await createRoom(world);
  const channelId = await room.open('general', ['ada', 'bob']);
  const message = await room.act('sendMessage', { channelId, text: 'hello' });
  const nodes = async (ids: readonly string[], user = 'ada') =>
    (await room.query<{ nodes: readonly unknown[] }>(nodesOf, { ids }, user)).nodes;
  return { room, channelId, message, nodes };
}

test('a user, a channel and a message are found by their ids alone, in the order asked for, at the price of few statements', async () => {
  const { room, channelId, message, nodes } = await scene();
  const expected = [
    { __typename: 'Message', id: message.id, text: 'hello', user: { name: 'ada' } },
    { __typename: 'User', id: 'bob', name: 'bob' },
    { __typename: 'Channel', id: channelId, memberCount: 2 },
    { __typename: 'User', id: 'bob', name: 'bob' },
  ];
  const ids = [message.id, 'bob', channelId, 'bob'];
  await nodes(['bob']);
  const { value, statements } = await world.statements(() => nodes(ids));
  expect(value).toEqual(expected);
  const one = 'query ($id: ID!) { node(id: $id) { __typename id } }';
  for (const { __typename, id } of expected)
    expect(await room.query(one, { id })).toEqual({ node: { __typename, id } });
  const more = Array.from({ length: 24 }, () => ids).flat();
  const { statements: ofMore } = await world.statements(() => nodes(more));
  expect(ofMore.length).toBe(statements.length);
});

test('what the viewer may not read, or is no node, is null in its place', async () => {
  const { room, channelId, message, nodes } = await scene();
  await room.settings({ userVisibility: 'SHARED_CHANNELS' });
  const missing = [randomUUID(), message.id.toUpperCase(), 'messaging:nowhere', 'nobody', '', 'not an id'];
  const composite = [`member/${channelId}/ada`, `viewer/${channelId}/ada`, `read/${channelId}/ada`];
  expect(await nodes([...missing, ...composite, 'ada'])).toEqual([
    ...[...missing, ...composite].map(() => null),
    expect.objectContaining({ id: 'ada' }),
  ]);
  expect(await nodes([channelId, message.id, 'ada', 'eve'], 'eve')).toEqual([
    null,
    null,
    null,
    expect.objectContaining({ id: 'eve' }),
  ]);
});

test('more ids than a query takes are refused with the limit and the cure', async () => {
  const { room } = await scene();
  const { errors } = await room.app.execute(nodesOf, { ids: Array.from({ length: 101 }, (_, n) => `user-${n}`) });
  expect(errors?.[0]).toMatchObject({
    message: 'unable to accept ids; at most 100 ids a query; ask for the rest in further queries',
    extensions: { code: 'invalid_input', field: 'ids', limit: 100 },
  });
});

test('what is made of others has an id that holds a slash, the same wherever it is reached', async () => {
  const { room, channelId, message } = await scene();
  await room.act('addReaction', { messageId: message.id, type: 'and/or' });
  const { channel } = await room.query<{ channel: unknown }>(
    `query ($id: ID!) { channel(id: $id) { viewer { id membership { id } } members { nodes { id } }
      messages { nodes { ownReactions { id } } } } }`,
    { id: channelId },
  );
  expect(channel).toEqual({
    viewer: { id: `viewer/${channelId}/ada`, membership: { id: `member/${channelId}/ada` } },
    members: { nodes: [{ id: `member/${channelId}/ada` }, { id: `member/${channelId}/bob` }] },
    messages: { nodes: [{ ownReactions: [{ id: `reaction/${message.id}/ada/and/or` }] }] },
  });
  const { markRead } = await room.query<{ markRead: unknown }>(
    'mutation ($input: MarkReadInput!) { markRead(input: $input) { id } }',
    { input: { channelId } },
  );
  expect(markRead).toEqual({ id: `read/${channelId}/ada` });
});
