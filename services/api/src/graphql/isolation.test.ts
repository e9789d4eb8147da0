import type { JsonObject } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Room } from '../../test/room.ts';
import { createRoom } from '../../test/room.ts';
import type { Caller, World, WorldApp } from '../../test/world.ts';
import { createWorld } from '../../test/world.ts';
import { createSchema } from './schema.ts';

/** Names of things of app A, all of which hold the word that must not get out. */
interface Secrets {
  readonly channelId: string;
  readonly messageId: string;
  readonly cursor: string;
}
const userSecret = 'usersecret';
const channelSecret = 'channelsecret';
const privateSecret = 'privatesecret';

const message =
  'id text user { name } custom replies(first: 2) { nodes { text } } reactionGroups { type } ownReactions { type }';
const channel = `id name custom createdBy { name } members(first: 10) { nodes { user { id name } } } messages(last: 3) { nodes { ${message} } } viewer { unreadCount membership { role } capabilities }`;
const users = 'nodes { id name custom private }';

/** A call that asks for what belongs to app A. */
interface Attack {
  readonly document: (secrets: Secrets) => string;
  readonly variables?: (secrets: Secrets) => JsonObject;
}
const onInput = (name: string, type: string, selection: string, input: (secrets: Secrets) => JsonObject): Attack => ({
  document: () => `mutation ($input: ${type}!) { ${name}(input: $input) ${selection} }`,
  variables: (secrets) => ({ input: input(secrets) }),
});

/** For every field of Query and Mutation. */
const attacks: Readonly<Record<string, readonly Attack[]>> = {
  'Query.me': [{ document: () => '{ me { id name custom } }' }],
  'Query.user': [{ document: () => `{ user(id: "${userSecret}") { id name custom private } }` }],
  'Query.users': [
    { document: () => `{ users(first: 100) { ${users} } }` },
    {
      document: () =>
        `{ users(filter: { or: [{ id: { eq: "${userSecret}" } }, { name: { contains: "" } }] }) { ${users} } }`,
    },
  ],
  'Query.channel': [{ document: ({ channelId }) => `{ channel(id: "${channelId}") { ${channel} } }` }],
  'Query.channels': [
    { document: () => `{ channels(first: 20) { nodes { ${channel} } } }` },
    {
      document: ({ channelId }) =>
        `{ channels(filter: { or: [{ id: { eq: "${channelId}" } }, { members: { contains: ["${userSecret}"] } }, { not: { hasUnread: true } }] }, first: 20) { nodes { ${channel} } } }`,
    },
    { document: ({ cursor }) => `{ channels(after: "${cursor}", first: 20) { nodes { ${channel} } } }` },
  ],
  'Query.message': [{ document: ({ messageId }) => `{ message(id: "${messageId}") { ${message} } }` }],
  'Query.node': [
    {
      document: () =>
        `query ($id: ID!) { node(id: $id) { id ... on Channel { ${channel} } ... on Message { ${message} } } }`,
      variables: ({ channelId }) => ({ id: channelId }),
    },
    { document: () => `{ node(id: "${userSecret}") { id ... on User { name custom private } } }` },
  ],
  'Query.nodes': [
    {
      document: () =>
        `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on User { name custom private } ... on Channel { name } ... on Message { text } } }`,
      variables: ({ channelId, messageId }) => ({ ids: [channelId, messageId, userSecret] }),
    },
  ],
  'Query.unread': [{ document: () => '{ unread { totalUnread unreadChannels unreadMentions } }' }],
  'Query.app': [{ document: () => '{ app { id name environment } }' }],
  'Mutation.upsertUsers': [
    onInput('upsertUsers', 'UpsertUsersInput', '{ id name }', () => ({
      users: [{ id: userSecret, name: 'taken over' }],
    })),
  ],
  'Mutation.updateMe': [onInput('updateMe', 'UpdateMeInput', '{ id name custom }', () => ({ name: 'taken over' }))],
  'Mutation.createChannel': [
    onInput('createChannel', 'CreateChannelInput', `{ ${channel} }`, ({ channelId }) => ({
      type: 'messaging',
      key: channelId.split(':')[1] ?? '',
    })),
    onInput('createChannel', 'CreateChannelInput', `{ ${channel} }`, () => ({
      type: 'messaging',
      memberIds: ['nobody'],
    })),
  ],
  'Mutation.updateChannel': [
    onInput('updateChannel', 'UpdateChannelInput', `{ ${channel} }`, ({ channelId }) => ({
      channelId,
      name: 'taken over',
    })),
  ],
  'Mutation.deleteChannel': [
    onInput('deleteChannel', 'DeleteChannelInput', `{ ${channel} }`, ({ channelId }) => ({ channelId })),
  ],
  'Mutation.addMembers': [
    onInput('addMembers', 'AddMembersInput', `{ ${channel} }`, ({ channelId }) => ({
      channelId,
      members: [{ userId: 'eve', role: 'owner' }],
    })),
  ],
  'Mutation.removeMembers': [
    onInput('removeMembers', 'RemoveMembersInput', `{ ${channel} }`, ({ channelId }) => ({
      channelId,
      userIds: [userSecret],
    })),
    onInput('removeMembers', 'RemoveMembersInput', `{ ${channel} }`, ({ channelId }) => ({
      channelId,
      userIds: ['eve'],
    })),
  ],
  'Mutation.sendMessage': [
    onInput('sendMessage', 'SendMessageInput', `{ ${message} }`, ({ channelId }) => ({ channelId, text: 'intruded' })),
    onInput('sendMessage', 'SendMessageInput', `{ ${message} quoted { text } }`, ({ messageId }) => ({
      channelId: 'messaging:mine',
      text: 'intruded',
      quotedId: messageId,
    })),
    onInput('sendMessage', 'SendMessageInput', `{ ${message} }`, ({ messageId }) => ({
      channelId: 'messaging:mine',
      text: 'intruded',
      parentId: messageId,
    })),
  ],
  'Mutation.updateMessage': [
    onInput('updateMessage', 'UpdateMessageInput', `{ ${message} }`, ({ messageId }) => ({
      messageId,
      text: 'intruded',
    })),
  ],
  'Mutation.deleteMessage': [
    onInput('deleteMessage', 'DeleteMessageInput', `{ ${message} }`, ({ messageId }) => ({ messageId, hard: true })),
  ],
  'Mutation.addReaction': [
    onInput('addReaction', 'AddReactionInput', `{ ${message} }`, ({ messageId }) => ({ messageId, type: 'like' })),
  ],
  'Mutation.removeReaction': [
    onInput('removeReaction', 'RemoveReactionInput', `{ ${message} }`, ({ messageId }) => ({
      messageId,
      type: 'like',
    })),
  ],
  'Mutation.markRead': [
    onInput('markRead', 'MarkReadInput', '{ readSeq unreadCount user { name } }', ({ channelId }) => ({ channelId })),
  ],
  'Mutation.setTyping': [
    onInput('setTyping', 'SetTypingInput', '', ({ channelId }) => ({ channelId, typing: true })),
    onInput('setTyping', 'SetTypingInput', '', ({ messageId }) => ({
      channelId: 'messaging:mine',
      parentId: messageId,
      typing: true,
    })),
  ],
  'Mutation.updateAppSettings': [
    onInput('updateAppSettings', 'UpdateAppSettingsInput', '{ userVisibility }', () => ({ userVisibility: 'SERVER' })),
  ],
  'Mutation.revokeTokens': [
    onInput('revokeTokens', 'RevokeTokensInput', '{ id name }', () => ({ userId: userSecret })),
  ],
  'Mutation.deleteUsers': [
    onInput('deleteUsers', 'DeleteUsersInput', '{ id name }', () => ({ userIds: [userSecret] })),
  ],
  'Query.apiKeys': [{ document: () => '{ apiKeys { id label lastFour } }' }],
  'Query.allowedOrigins': [{ document: () => '{ allowedOrigins }' }],
  'Mutation.createKey': [onInput('createKey', 'CreateKeyInput', '{ secret key { id } }', () => ({ label: 'mine' }))],
  'Mutation.revokeKey': [
    onInput('revokeKey', 'RevokeKeyInput', '{ id label lastFour }', () => ({ keyId: target.app.keyId })),
  ],
  'Mutation.setAllowedOrigins': [
    onInput('setAllowedOrigins', 'SetAllowedOriginsInput', '{ id }', () => ({ origins: ['https://evil.example'] })),
  ],
};

let world: World;
let target: Room;
let secrets: Secrets;
beforeAll(async () => {
  world = await createWorld();
  target = await createRoom(world);
  await target.app.data('mutation ($input: UpsertUsersInput!) { upsertUsers(input: $input) { id } }', {
    input: {
      users: [{ id: userSecret, name: userSecret, custom: { note: userSecret }, private: { note: privateSecret } }],
    },
  });
  const { id: channelId } = await target.act<{ id: string }>(
    'createChannel',
    {
      type: 'messaging',
      key: channelSecret,
      name: channelSecret,
      custom: { note: channelSecret },
      memberIds: ['ada', 'bob'],
    },
    userSecret,
  );
  const { id: messageId } = await target.act(
    'sendMessage',
    { channelId, text: channelSecret, mentionedUserIds: ['ada'] },
    userSecret,
  );
  await target.act('addReaction', { messageId, type: 'like' });
  const { channels } = await target.query<{ channels: { pageInfo: { endCursor: string } } }>(
    '{ channels { pageInfo { endCursor } } }',
  );
  secrets = { channelId, messageId, cursor: channels.pageInfo.endCursor };
});
afterAll(() => world.close());

const tables = ['channels', 'members', 'messages', 'reactions', 'channel_events', 'api_keys', 'apps'] as const;

/** Every row of app A's chat; the ids of users and when they were last seen change by calling alone. */
async function state(app: WorldApp): Promise<string> {
  const rows = await Promise.all(
    tables.map((table) =>
      world.db.query(`SELECT to_jsonb(t) AS row FROM ${table} t WHERE app_id = $1 ORDER BY t::text`, [app.appId]),
    ),
  );
  return JSON.stringify(rows);
}
const secretUser = async () =>
  world.db.query(
    'SELECT u.name, u.custom, u.private, u.tokens_valid_after, a.settings FROM users u JOIN apps a USING (app_id) WHERE app_id = $1 AND user_id = $2',
    [target.app.appId, userSecret],
  );

async function attack(app: WorldApp, as: Caller, { document, variables }: Attack): Promise<string> {
  const { data, errors } = await app.execute(document(secrets), variables?.(secrets) ?? {}, { as });
  // An attack that never ran would prove nothing.
  for (const error of errors ?? [])
    expect(['query_too_complex', 'invalid_query', 'internal', undefined]).not.toContain(error.extensions?.['code']);
  // A refusal may repeat what the caller said itself; what was found may not hold any of it.
  return JSON.stringify({ data, codes: errors?.map(({ extensions }) => extensions?.['code']) });
}

const schema = createSchema();
const rootFields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
  Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
);

test('every field of Query and Mutation has a case', () => {
  expect(Object.keys(attacks).sort()).toEqual(rootFields.sort());
});

describe.each(rootFields)('%s', (field) => {
  test.each([true, false])(
    'reveals and changes nothing of another app (a channel of that id here: %s), for users and back ends',
    async (twin) => {
      const own = await createRoom(world);
      await own.open('mine');
      // Ids are unique within an app only: the same ones may mean other things in another.
      if (twin) await own.open(channelSecret, ['eve']);
      const before = [await state(target.app), await secretUser()];
      for (const each of attacks[field] ?? []) {
        for (const as of [
          { user: 'ada' },
          { user: 'eve' },
          'server',
          { token: await own.app.serverToken('ada') },
        ] as const) {
          const answer = await attack(own.app, as, each);
          // The name of the channel; as part of an id, an attacker knows the word already.
          expect(answer).not.toContain(`"${channelSecret}"`);
          expect(answer).not.toContain(`"name":"${userSecret}"`);
          expect(answer).not.toContain(privateSecret);
          expect(answer).not.toContain(target.app.appId);
        }
      }
      expect([await state(target.app), await secretUser()]).toEqual(before);
    },
  );

  test('reveals and changes nothing of a channel of which one is no member', async () => {
    const before = await state(target.app);
    for (const each of attacks[field] ?? []) {
      const answer = await attack(target.app, { user: 'eve' }, each);
      expect(answer).not.toContain(channelSecret);
      expect(answer).not.toContain(privateSecret);
    }
    // Anybody may open a channel of their own.
    if (field !== 'Mutation.createChannel') expect(await state(target.app)).toBe(before);
  });
});
