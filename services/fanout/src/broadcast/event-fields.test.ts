import { buildReaction } from '@parley/testkit/builders';
import { expect, test } from 'vitest';
import { created, messageOf, userOf } from '../../test/events.ts';
import { startWorld } from '../../test/world.ts';
import { createEventSchema } from './create-event-schema.ts';
import { Documents } from './documents.ts';

const general = 'messaging:general';
const at = '2026-01-01T00:00:00.000Z';

const prepare = (text: string) => () => new Documents(createEventSchema()).prepare(text, undefined);
const watch = (selection: string, fragments = '') =>
  `subscription { channelEvents(channelId: "${general}") { __typename ${selection} } } ${fragments}`;
const presence = (selection: string, root = 'presence') =>
  `subscription { ${root}(userIds: ["ada"]) { user { ${selection} } } }`;

test.each([
  ['written out', watch('... on MessageCreated { message { quoted { id quoted { id } } } }')],
  ['renamed', watch('... on MessageCreated { message { quoted { id below: quoted { id } } } }')],
  [
    'in a fragment that is used at both places',
    watch('... on MessageCreated { message { ...M quoted { ...M } } }', 'fragment M on Message { id quoted { id } }'),
  ],
  [
    'through fragments of fragments',
    watch(
      '... on MessageUpdated { message { quoted { ...A } } }',
      'fragment A on Message { ... on Message { ...B } } fragment B on Message { quoted { id } }',
    ),
  ],
])('what a quoted message quotes is refused inside events, %s', (_how, text) => {
  expect(prepare(text)).toThrow(
    /unable to accept Message\.quoted\.quoted; .* not available inside events; ask for it with a query/,
  );
});

test('a quote may be asked for at many places of a document, each one level deep', () => {
  const text = watch(
    '... on MessageCreated { message { ...M } } ... on MessageUpdated { message { ...M quoted { text } } }',
    'fragment M on Message { id quoted { id quotedId user { id } } }',
  );
  expect(prepare(text)).not.toThrow();
});

test.each(['name', 'custom', 'role', 'image', 'updatedAt'])('events of presence have no User.%s', (field) => {
  for (const root of ['presence', 'presenceChanges'])
    expect(prepare(presence(`id ${field}`, root))).toThrow(
      `unable to accept User.${field}; of a user, events of presence have \`id\`, \`online\` and \`lastActiveAt\``,
    );
});

test('a change of presence names the user whom a cache keeps, with what the event says, however little the viewer sees elsewhere', async () => {
  const world = await startWorld();
  world.api.online.add('bob');
  const clients = [];
  const query = `subscription { presence(userIds: ["bob"]) { userId online lastActiveAt user { __typename id online lastActiveAt } } }`;
  for (const sight of ['all', 'no-presence', 'names'] as const) {
    const client = await world.connect(`ada-${sight}`, { sight });
    clients.push(client);
    client.subscribe('1', query);
    await expect.poll(() => client.events('1')).toHaveLength(1);
    const [event] = client.events('1');
    const { userId: id, online, lastActiveAt } = { userId: '', online: false, lastActiveAt: null, ...event };
    expect({ id, online }).toEqual({ id: 'bob', online: true });
    expect(event?.['user']).toEqual({ __typename: 'User', id, online, lastActiveAt });
  }
  const { executions } = world.fanout.stats();
  world.api.notifyPresence('bob', false);
  for (const client of clients)
    await expect.poll(() => client.events('1').at(-1)).toMatchObject({ online: false, user: { online: false } });
  expect(world.fanout.stats().executions - executions).toBe(1);
});

test('members, reactions and quotes carry the ids that queries give them, also from a node that did not say what is quoted', async () => {
  const world = await startWorld();
  const client = await world.connect('ada');
  client.subscribe(
    '1',
    watch(`... on MembersAdded { members { id user { id } } } ... on ReactionAdded { reaction { id } }
      ... on MessageCreated { message { id quotedId quoted { id quotedId } } }`),
  );
  await client.synced('1');
  const message = messageOf(general, 'hello', 1);
  const member = { user: userOf('bob'), role: 'member', createdAt: at, custom: {} };
  const quoted = { ...messageOf(general, 'before', 2), quotedId: 'the-one-before' };
  const actor = userOf('ada');
  world.api.channel(general).append(
    { __typename: 'MembersAdded', at, actor, members: [member], memberCount: 2 },
    {
      __typename: 'ReactionAdded',
      at,
      actor,
      message,
      reaction: buildReaction({ type: 'and/or', user: userOf('bob') }),
    },
    { ...created(general, 'hello'), message: { ...message, quoted } },
    { ...created(general, 'hello'), message: { ...message, quotedId: 'gone' } },
  );
  await expect
    .poll(() => client.events('1').slice(1))
    .toEqual([
      { __typename: 'MembersAdded', members: [{ id: `member/${general}/bob`, user: { id: 'bob' } }] },
      { __typename: 'ReactionAdded', reaction: { id: `reaction/${message.id}/bob/and/or` } },
      {
        __typename: 'MessageCreated',
        message: { id: message.id, quotedId: quoted.id, quoted: { id: quoted.id, quotedId: 'the-one-before' } },
      },
      { __typename: 'MessageCreated', message: { id: message.id, quotedId: 'gone', quoted: null } },
    ]);
});
