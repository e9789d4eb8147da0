import { describe, expect, test } from 'vitest';
import { channelOf, created, type Draft, messageOf, userOf } from '../../test/events.ts';
import type { RawClient } from '../../test/raw-client.ts';
import { startWorld, type World, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';
const at = '2026-01-01T00:00:00.000Z';

async function watchWith(
  world: World,
  client: RawClient,
  id: string,
  query: string,
  variables: object = {},
): Promise<void> {
  client.subscribe(id, query, { channelId: general, ...variables });
  await client.heard((frame) => frame.type === 'next' && frame.id === id);
  expect(world.fanout.stats().topics).toBe(1);
}

const subscription = (selection: string, variables = '') =>
  `subscription ($channelId: ID!${variables}) { channelEvents(channelId: $channelId) { __typename ${selection} } }`;

describe('executions for one event', () => {
  const executionsOf = async (world: World, clients: readonly RawClient[], ids: readonly string[]) => {
    const before = world.fanout.stats();
    world.api.channel(general).append(created(general, 'hello'));
    for (const client of clients)
      for (const id of ids)
        await expect.poll(() => client.events(id).at(-1)).toMatchObject({ __typename: 'MessageCreated' });
    const after = world.fanout.stats();
    return { executions: after.executions - before.executions, deliveries: after.deliveries - before.deliveries };
  };

  test('1 for 1,000 equal subscribers, whatever their ids and positions are', { timeout: 30_000 }, async () => {
    const world = await startWorld({ limits: { operationsPerUserPerSecond: 1_000 } });
    const clients = await Promise.all(Array.from({ length: 20 }, (_, index) => world.connect(`user-${index}`)));
    const ids = Array.from({ length: 50 }, (_, index) => `operation-${index}`);
    for (const client of clients)
      ids.forEach((id, index) => {
        client.subscribe(id, watchChannel, { channelId: general, ...(index % 2 === 0 ? {} : { after: 0 }) });
      });
    for (const client of clients) for (const id of ids) await client.synced(id);
    expect(await executionsOf(world, clients, ids)).toEqual({ executions: 1, deliveries: 1_000 });
  });

  test('1 for all that resume at once, for each event that they replay', async () => {
    const world = await startWorld();
    world.api.channel(general).append(...Array.from({ length: 20 }, (_, n) => created(general, `message ${n}`)));
    const clients = await Promise.all(Array.from({ length: 30 }, (_, n) => world.connect(`user-${n}`)));
    for (const client of clients) client.subscribe('1', watchChannel, { channelId: general, after: 0 });
    for (const client of clients) await client.synced('1');
    for (const client of clients) expect(client.seqs('1')).toHaveLength(20);
    // And one ChannelSynced.
    expect(world.fanout.stats().executions).toBe(20 + 1);
  });

  test('2 for two distinct documents', async () => {
    const world = await startWorld();
    const clients = await Promise.all(['ada', 'bob', 'eve', 'joe'].map((userId) => world.connect(userId)));
    for (const [index, client] of clients.entries())
      await watchWith(world, client, '1', subscription(index < 2 ? 'at' : 'channelId'));
    expect(await executionsOf(world, clients, ['1'])).toEqual({ executions: 2, deliveries: 4 });
  });

  test('one for each value of a variable that the selection uses', async () => {
    const world = await startWorld();
    const clients = await Promise.all(['ada', 'bob', 'eve'].map((userId) => world.connect(userId)));
    const query = subscription(
      '... on MessageCreated { message { id text @include(if: $text) } }',
      ', $text: Boolean!',
    );
    for (const [index, client] of clients.entries()) await watchWith(world, client, '1', query, { text: index > 0 });
    expect(await executionsOf(world, clients, ['1'])).toEqual({ executions: 2, deliveries: 3 });
    expect(clients[0]?.events('1').at(-1)).not.toHaveProperty('message.text');
    expect(clients[1]?.events('1').at(-1)).toHaveProperty('message.text', 'hello');
  });
});

describe('what a selection may be', () => {
  test('fragments, aliases, @skip and @include, with variables and defaults', async () => {
    const world = await startWorld();
    const client = await world.connect('ada');
    const query = `
      query Other { me { id } }
      subscription Watch($id: ID!, $no: Boolean = false) {
        ...Root
      }
      fragment Root on Subscription {
        renamed: channelEvents(channelId: $id) {
          kind: __typename
          at @include(if: $no)
          channelId @skip(if: $no)
          ...Created
        }
      }
      fragment Created on MessageCreated { message { said: text by: user { id } } }
    `;
    client.subscribe('1', query, { id: general }, { operationName: 'Watch' });
    await client.heard((frame) => frame.id === '1');
    world.api.channel(general).append(created(general, 'hello'));
    await expect
      .poll(() => client.frames.at(-1))
      .toEqual({
        id: '1',
        type: 'next',
        payload: {
          data: {
            renamed: { kind: 'MessageCreated', channelId: general, message: { said: 'hello', by: { id: 'ada' } } },
          },
        },
      });
  });

  test('every kind of event can be selected whole', async () => {
    const world = await startWorld();
    const client = await world.connect('ada');
    await watchWith(
      world,
      client,
      '1',
      `subscription ($channelId: ID!) { channelEvents(channelId: $channelId) {
        __typename at
        ... on ChannelUpdated { channel { id type key name custom seq memberCount createdBy { id } } }
        ... on MembersAdded { memberCount members { role user { id } } }
        ... on ReactionAdded { reaction { type score user { id } } message { reactionGroups { type count } quoted { text } } }
        ... on MessageDeleted { hard message { text deletedAt } }
      } }`,
    );
    const base = { at, actor: userOf('ada') };
    const reaction = { type: 'like', user: userOf('bob'), score: 1, createdAt: at };
    const quoted = messageOf(general, 'before');
    const drafts: readonly Draft[] = [
      { __typename: 'ChannelUpdated', ...base, channel: channelOf(general) },
      {
        __typename: 'MembersAdded',
        ...base,
        memberCount: 2,
        members: [{ user: userOf('bob'), role: 'member', createdAt: at, custom: {} }],
      },
      { __typename: 'ReactionAdded', ...base, reaction, message: { ...messageOf(general, 'hi'), quoted } },
      { __typename: 'MessageDeleted', ...base, hard: true, message: messageOf(general, '') },
    ];
    world.api.channel(general).append(...drafts);
    await expect
      .poll(() => client.events('1').slice(1))
      .toMatchObject([
        { __typename: 'ChannelUpdated', channel: { id: general, custom: { topic: 'all' }, createdBy: { id: 'ada' } } },
        { __typename: 'MembersAdded', memberCount: 2, members: [{ role: 'member', user: { id: 'bob' } }] },
        { __typename: 'ReactionAdded', reaction: { type: 'like', score: 1 }, message: { quoted: { text: 'before' } } },
        { __typename: 'MessageDeleted', hard: true, message: { text: '', deletedAt: null } },
      ]);
    expect(client.frames.filter((frame) => JSON.stringify(frame).includes('errors'))).toEqual([]);
  });
});

describe('a document is refused in an error frame', () => {
  const deep = `subscription { channelEvents(channelId: "messaging:a") { ... on MessageCreated { message ${'{ quoted '.repeat(14)} { id } ${'}'.repeat(14)} } } }`;
  test.each([
    ['that cannot be parsed', 'subscription {', {}, 'invalid_query'],
    ['that is empty', '', {}, 'invalid_query'],
    ['that holds no operation', 'fragment F on Message { id }', {}, 'invalid_query'],
    ['with a field that does not exist', subscription('nothing'), { channelId: general }, 'invalid_query'],
    ['with two root fields', 'subscription { inbox { at } other: inbox { at } }', {}, 'invalid_query'],
    [
      'with @include on its root field',
      'subscription ($x: Boolean!) { inbox @include(if: $x) { at } }',
      { x: true },
      'invalid_query',
    ],
    ['with a literal @skip on its root field', 'subscription { inbox @skip(if: true) { at } }', {}, 'invalid_query'],
    ['whose variable is missing', subscription('at'), {}, 'invalid_input'],
    ['whose variable has a wrong type', subscription('at'), { channelId: { a: 1 } }, 'invalid_input'],
    [
      'with several operations and no name',
      'subscription A { inbox { at } } subscription B { inbox { at } }',
      {},
      'invalid_query',
    ],
    ['that is too deep', deep, {}, 'query_too_complex'],
    ['with too many tokens', `subscription { inbox { ${'at '.repeat(2_100)} } }`, {}, 'query_too_complex'],
    [
      'with a fragment that spreads itself',
      'subscription { inbox { ...F } } fragment F on InboxEvent { ...F }',
      {},
      'invalid_query',
    ],
  ])('%s', async (_what, query, variables, code) => {
    const world = await startWorld();
    const client = await world.connect('ada');
    client.subscribe('1', query, variables);
    const { message, extensions } = await client.failure('1');
    expect(extensions).toMatchObject({
      code,
      retryable: false,
      docs: expect.stringContaining(`/docs/errors/${code}.md`),
    });
    expect(message.length).toBeGreaterThan(10);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });

  test('that names the condition which a root field may not have', async () => {
    const world = await startWorld();
    const client = await world.connect('ada');
    client.subscribe('1', 'subscription ($s: Boolean!) { inbox @skip(if: $s) { at } }', { s: false });
    expect((await client.failure('1')).message).toContain('@skip is not allowed on the root field');
  });

  test('with the places of what is wrong', async () => {
    const world = await startWorld();
    const client = await world.connect('ada');
    for (const [id, query, place] of [
      ['1', 'subscription {\n', { line: 2, column: 1 }],
      ['2', 'subscription { nothing }', { line: 1, column: 16 }],
    ] as const) {
      client.subscribe(id, query);
      expect(await client.failure(id)).toMatchObject({ locations: [place] });
    }
  });

  test.each([
    ['Channel.members', '... on ChannelUpdated { channel { members { nodes { role } } } }'],
    ['Channel.messages', '... on ChannelUpdated { channel { messages { nodes { id } } } }'],
    ['Channel.viewer', '... on ChannelUpdated { channel { viewer { readSeq } } }'],
    ['Message.ownReactions', '... on ReactionAdded { message { ownReactions { type } } }'],
    ['Message.replies', '... on MessageCreated { message { replies { nodes { id } } } }'],
  ])('with a field that events do not have: %s', async (field, selection) => {
    const world = await startWorld();
    const client = await world.connect('ada');
    client.subscribe('1', subscription(selection), { channelId: general });
    const { message, extensions } = await client.failure('1');
    expect(extensions).toMatchObject({ code: 'invalid_input', field });
    expect(message).toMatch(/ask for it with a query/);
  });

  test('while another operation of the same document is fine', async () => {
    const world = await startWorld();
    const client = await world.connect('ada');
    const query = `
      subscription Good { channelEvents(channelId: "${general}") { at } }
      subscription Bad { channelEvents(channelId: "${general}") { ... on ChannelUpdated { channel { viewer { readSeq } } } } }
    `;
    client.subscribe('bad', query, {}, { operationName: 'Bad' });
    client.subscribe('good', query, {}, { operationName: 'Good' });
    await client.failure('bad');
    await client.heard((frame) => frame.type === 'next' && frame.id === 'good');
  });
});

test('equal documents are parsed once, however many sockets send them', async () => {
  const world = await startWorld();
  for (const userId of ['ada', 'bob']) await watchWith(world, await world.connect(userId), '1', watchChannel);
  expect(world.fanout.stats().documents).toBe(1);
});
