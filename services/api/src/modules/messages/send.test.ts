import { randomUUID } from 'node:crypto';
import type { JsonObject, Message } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRoom, messageFields, type Refusal } from '../../../test/room.ts';
import type { World, WorldApp } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function room() {
  const { app, act, refused, open } = await createRoom(world);
  const channelId = await open('general');
  return {
    app,
    channelId,
    send: (input: JsonObject, user = 'ada') => act('sendMessage', { channelId, ...input }, user),
    refused: (input: JsonObject, user = 'ada') => refused('sendMessage', { channelId, ...input }, user),
  };
}

const timeline = async (app: WorldApp, channelId: string, args = '', user = 'ada') => {
  const { channel } = await app.data<{
    channel: { messages: { nodes: Message[]; pageInfo: Record<string, unknown> } };
  }>(
    `query ($id: ID!) { channel(id: $id) { messages${args} { nodes { ${messageFields} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
    { id: channelId },
    { as: { user } },
  );
  return channel.messages;
};
const texts = (messages: readonly Message[]) => messages.map(({ text }) => text);

describe('sending', () => {
  test('everybody in the channel finds the message, with all that was said', async () => {
    const { app, channelId, send } = await room();
    const sent = await send({
      text: 'hello @bob',
      mentionedUserIds: ['bob', 'bob'],
      custom: { mood: 'good' },
      attachments: [{ type: 'image', url: 'https://example.com/a.png', title: 'a', size: 3, custom: { alt: 'cat' } }],
    });
    expect(sent).toMatchObject({
      channelId,
      seq: 2,
      kind: 'REGULAR',
      text: 'hello @bob',
      user: { id: 'ada', name: 'ada' },
      mentionedUsers: [{ id: 'bob' }],
      custom: { mood: 'good' },
      attachments: [
        {
          id: expect.stringMatching(/^attachment\/[0-9a-f-]{36}$/),
          type: 'image',
          url: 'https://example.com/a.png',
          size: 3,
          custom: { alt: 'cat' },
        },
      ],
      ownReactions: [],
      editedAt: null,
    });
    expect(sent.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await timeline(app, channelId, '', 'bob')).nodes).toEqual([sent]);
  });

  test('the event in the log says the same', async () => {
    const { app, channelId, send } = await room();
    const sent = await send({ text: 'hello' });
    const { events, head } = await world.call('channel.events', { appId: app.appId, channelId, after: 1, limit: 10 });
    expect(head).toBe(2);
    expect(events).toEqual([
      expect.objectContaining({
        __typename: 'MessageCreated',
        seq: 2,
        message: expect.objectContaining({
          ...sent,
          user: expect.objectContaining(sent.user ?? {}),
          ownReactions: null,
        }),
      }),
    ]);
  });

  test('many at once get dense positions', async () => {
    const { app, channelId, send } = await room();
    const sent = await Promise.all(Array.from({ length: 40 }, (_, index) => send({ text: `m${index}` })));
    expect(sent.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 2),
    );
    const { nodes } = await timeline(app, channelId, '(first: 100)');
    expect(nodes.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 2));
  });

  test('the same id and content again gives the first result; other content is a conflict', async () => {
    const { app, channelId, send, refused } = await room();
    const id = randomUUID();
    const first = await send({ id: id.toUpperCase(), text: 'once', attachments: [{ type: 'file', title: 'f' }] });
    expect(first.id).toBe(id);
    expect(await send({ id, text: 'once', attachments: [{ type: 'file', title: 'f' }] })).toEqual(first);
    const both = await Promise.all([
      send({ id, text: 'once', attachments: [{ type: 'file', title: 'f' }] }),
      send({ text: 'other' }),
    ]);
    expect(both[0]).toEqual(first);
    expect(await refused({ id, text: 'twice' })).toMatchObject({ code: 'conflict', field: 'id' });
    expect(await refused({ id, text: 'once', attachments: [{ type: 'file', title: 'f' }] }, 'bob')).toMatchObject({
      code: 'conflict',
    });
    expect(texts((await timeline(app, channelId)).nodes)).toEqual(['once', 'other']);
  });

  test('at the same moment, the same send is made once', async () => {
    const { app, channelId, send } = await room();
    const id = randomUUID();
    const sent = await Promise.all(Array.from({ length: 8 }, () => send({ id, text: 'once' })));
    expect(new Set(sent.map(({ seq }) => seq)).size).toBe(1);
    expect((await timeline(app, channelId)).nodes).toHaveLength(1);
  });

  test('a server token without a user sends a system message; with one it sends as that user', async () => {
    const { app, channelId, send } = await room();
    expect(await send({ text: 'maintenance' }, 'server')).toMatchObject({
      kind: 'SYSTEM',
      user: null,
      ownReactions: null,
    });
    const { sendMessage: byEve } = await app.data<{ sendMessage: Message }>(
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { kind user { id } } }',
      { input: { channelId, text: 'maintenance' } },
      { as: { token: await app.serverToken('eve') } },
    );
    expect(byEve).toMatchObject({ kind: 'REGULAR', user: { id: 'eve' } });
  });
});

describe('what is refused says the field, the limit and the cure', () => {
  const long = (length: number) => 'x'.repeat(length);
  test.each<[string, JsonObject, object]>([
    ['nothing', {}, { field: 'text' }],
    ['blanks', { text: ' \n ' }, { field: 'text' }],
    ['text over the limit', { text: long(10_001) }, { field: 'text', limit: 10_000 }],
    ['a null character', { text: 'a\0b' }, { field: 'text' }],
    ['half a character', { text: 'a\ud800' }, { field: 'text' }],
    ['custom over 5 KiB', { text: 'a', custom: { a: long(5_120) } }, { field: 'custom', limit: 5_120 }],
    ['a null character in custom', { text: 'a', custom: { a: ['\0'] } }, { field: 'custom' }],
    [
      '31 attachments',
      { attachments: Array.from({ length: 31 }, () => ({ type: 'file' })) },
      { field: 'attachments', limit: 30 },
    ],
    [
      'an attachment that runs code',
      { attachments: [{ type: 'file', url: 'javascript:alert(1)' }] },
      { field: 'attachments.0.url' },
    ],
    [
      'attachments over 64 KiB',
      { attachments: Array.from({ length: 20 }, () => ({ type: 'f', custom: { a: long(4_000) } })) },
      { field: 'attachments', limit: 65_536 },
    ],
    ['an id that is no UUID', { id: 'one', text: 'a' }, { field: 'id' }],
    ['a mention of nobody', { text: 'a', mentionedUserIds: ['nobody'] }, { field: 'mentionedUserIds' }],
    [
      'a bad user id',
      { text: 'a', mentionedUserIds: ['bob', 'no spaces'] },
      { field: 'mentionedUserIds.1', limit: 255 },
    ],
    ['a text of which nobody sees anything', { text: '\u200B\u2060 \u3164' }, { field: 'text' }],
    [
      '31 mentions',
      { text: 'a', mentionedUserIds: Array.from({ length: 31 }, (_, index) => `u${index}`) },
      { field: 'mentionedUserIds', limit: 30 },
    ],
    ['a channel id without a key', { text: 'a', channelId: 'messaging' }, { field: 'channelId' }],
  ])('%s', async (_name, input, expected) => {
    const { app, channelId, refused } = await room();
    expect(await refused(input)).toMatchObject({
      code: 'invalid_input',
      retryable: false,
      message: expect.stringMatching(/^unable to .+; .+/),
      ...expected,
    });
    expect((await timeline(app, channelId)).nodes).toEqual([]);
  });

  test('a text of exactly the limit is taken, and so is one of emoji', async () => {
    const { send } = await room();
    expect((await send({ text: long(10_000) })).text).toHaveLength(10_000);
    expect((await send({ text: '👩‍👩‍👧‍👦' })).text).toBe('👩‍👩‍👧‍👦');
  });

  test('who is no member may not send, and does not learn whether the channel exists', async () => {
    const { refused } = await room();
    const toExisting = await refused({ text: 'hi' }, 'eve');
    const toMissing = await refused({ text: 'hi', channelId: 'messaging:nowhere' }, 'eve');
    expect(toExisting).toMatchObject({ code: 'forbidden', permission: 'read-channel' });
    const nameless = (error: Refusal) => ({
      ...error,
      requestId: null,
      message: error.message?.replace(/\S+:\S+/, ''),
    });
    expect(nameless(toExisting)).toEqual(nameless(toMissing));
  });

  test('in a broadcast only its owner speaks, and everybody reads', async () => {
    const { app, act, refused } = await createRoom(world);
    await act('createChannel', { type: 'broadcast', key: 'news', memberIds: ['ada', 'bob'] }, 'server');
    await act('addMembers', { channelId: 'broadcast:news', members: [{ userId: 'ada', role: 'owner' }] }, 'server');
    const input = { channelId: 'broadcast:news', text: 'news' };
    await act('sendMessage', input);
    expect(await refused('sendMessage', input, 'bob')).toMatchObject({ code: 'forbidden', permission: 'send-message' });
    expect(texts((await timeline(app, 'broadcast:news', '', 'stranger')).nodes)).toEqual(['news']);
  });
});

describe('threads and quotes', () => {
  test('a reply is counted, stays out of the timeline and is found below its root', async () => {
    const { app, channelId, send, refused } = await room();
    const root = await send({ text: 'root' });
    const reply = await send({ text: 'reply', parentId: root.id }, 'bob');
    expect(reply.parentId).toBe(root.id);
    expect((await timeline(app, channelId)).nodes).toMatchObject([{ text: 'root', replyCount: 1 }]);
    const { message } = await app.data<{ message: { replies: { nodes: Message[] } } }>(
      'query ($id: ID!) { message(id: $id) { replies { nodes { id text } } } }',
      { id: root.id },
      { as: { user: 'ada' } },
    );
    expect(message.replies.nodes).toEqual([{ id: reply.id, text: 'reply' }]);
    expect(await refused({ text: 'deeper', parentId: reply.id })).toMatchObject({
      code: 'invalid_input',
      field: 'parentId',
    });
    await app.data(
      'mutation ($id: ID!) { deleteMessage(input: { messageId: $id }) { id } }',
      { id: reply.id },
      { as: { user: 'bob' } },
    );
    expect((await timeline(app, channelId)).nodes).toMatchObject([{ replyCount: 0 }]);
  });

  test('a quote is shown as the quoted message is now', async () => {
    const { app, channelId, send } = await room();
    const one = await send({ text: 'one' });
    const two = await send({ text: 'two', quotedId: one.id });
    const three = await send({ text: 'three', quotedId: two.id });
    expect(three.quoted).toEqual({ id: two.id, text: 'two', quoted: { id: one.id } });
    await app.data(
      'mutation ($id: ID!) { updateMessage(input: { messageId: $id, text: "two!" }) { id } }',
      { id: two.id },
      { as: { user: 'ada' } },
    );
    expect((await timeline(app, channelId, '(last: 1)')).nodes[0]?.quoted).toEqual({
      id: two.id,
      text: 'two!',
      quoted: { id: one.id },
    });
  });

  test('neither names a message that does not exist', async () => {
    const { app, channelId, refused } = await room();
    for (const field of ['parentId', 'quotedId'])
      expect(await refused({ text: 'a', [field]: randomUUID() })).toMatchObject({ code: 'not_found', field });
    expect((await timeline(app, channelId)).nodes).toEqual([]);
  });

  test('neither crosses channels', async () => {
    const { act, refused, open } = await createRoom(world);
    const [here, there] = [await open('here'), await open('there')];
    const root = await act('sendMessage', { channelId: here, text: 'root' });
    for (const field of ['parentId', 'quotedId']) {
      expect(await refused('sendMessage', { channelId: there, text: 'a', [field]: root.id })).toMatchObject({
        code: 'not_found',
        field,
      });
    }
  });
});
