import type { Message } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRoom, messageFields } from '../../../test/room.ts';
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
  const message = await room.act('sendMessage', {
    channelId,
    text: 'secret word',
    custom: { a: 1 },
    mentionedUserIds: ['bob'],
  });
  const read = async (id = message.id) =>
    (
      await room.query<{ message: Message | null }>(`query ($id: ID!) { message(id: $id) { ${messageFields} } }`, {
        id,
      })
    ).message;
  return { ...room, channelId, message, read };
}

describe('editing', () => {
  test('changes what is given and keeps the rest', async () => {
    const { act, events, channelId, message, read } = await conversation();
    const edited = await act('updateMessage', { messageId: message.id, text: 'other' });
    expect(edited).toEqual({ ...message, text: 'other', editedAt: expect.any(String) });
    expect(await read()).toEqual(edited);
    expect(await events(channelId, 2)).toMatchObject([
      {
        __typename: 'MessageUpdated',
        seq: 3,
        actor: { id: 'ada' },
        message: { text: 'other', seq: 2, custom: { a: 1 } },
      },
    ]);
    expect(await act('updateMessage', { messageId: message.id, custom: {}, mentionedUserIds: [] })).toMatchObject({
      text: 'other',
      custom: {},
      mentionedUsers: [],
    });
  });

  test('an edit that changes nothing leaves no trace', async () => {
    const { act, events, channelId, message } = await conversation();
    expect(await act('updateMessage', { messageId: message.id, text: 'secret word', custom: { a: 1 } })).toEqual(
      message,
    );
    expect(await events(channelId, 2)).toEqual([]);
  });

  test('a send repeated after an edit gives the edited message', async () => {
    const { act, channelId } = await conversation();
    const send = { channelId, id: crypto.randomUUID(), text: 'first' };
    await act('sendMessage', send);
    await act('updateMessage', { messageId: send.id, text: 'second' });
    expect(await act('sendMessage', send)).toMatchObject({ id: send.id, text: 'second' });
  });

  test('two who edit different fields at once lose nothing', async () => {
    const { act, message, read } = await conversation();
    await Promise.all([
      act('updateMessage', { messageId: message.id, text: 'new text' }),
      act('updateMessage', { messageId: message.id, custom: { b: 2 } }),
    ]);
    expect(await read()).toMatchObject({ text: 'new text', custom: { b: 2 } });
  });

  test('only the author may, and a back end', async () => {
    const { act, refused, message } = await conversation();
    const input = { messageId: message.id, text: 'other' };
    expect(await refused('updateMessage', input, 'bob')).toMatchObject({
      code: 'forbidden',
      permission: 'update-any-message',
    });
    expect(await refused('updateMessage', input, 'eve')).toMatchObject({ code: 'not_found' });
    expect(await act('updateMessage', input, 'server')).toMatchObject({ text: 'other' });
    expect(await refused('updateMessage', { ...input, text: ' ' })).toMatchObject({
      code: 'invalid_input',
      field: 'text',
    });
  });
});

describe('deleting', () => {
  test('softly leaves a tombstone at the same place, and nothing of the content', async () => {
    const { act, refused, events, channelId, message, read } = await conversation();
    await act('addReaction', { messageId: message.id, type: 'like' });
    const tombstone = await act('deleteMessage', { messageId: message.id });
    const empty = { text: '', custom: {}, attachments: [], mentionedUsers: [], reactionGroups: [] };
    expect(tombstone).toMatchObject({
      id: message.id,
      seq: 2,
      user: { id: 'ada' },
      deletedAt: expect.any(String),
      ...empty,
    });
    expect(await read()).toMatchObject({ deletedAt: tombstone.deletedAt, ...empty });
    expect(await events(channelId, 3)).toMatchObject([
      { __typename: 'MessageDeleted', hard: false, message: { text: '', seq: 2 } },
    ]);
    expect(await act('deleteMessage', { messageId: message.id })).toMatchObject({ deletedAt: tombstone.deletedAt });
    expect(await events(channelId, 4)).toEqual([]);
    for (const name of ['updateMessage', 'addReaction'] as const) {
      const input =
        name === 'updateMessage' ? { messageId: message.id, text: 'a' } : { messageId: message.id, type: 'like' };
      expect(await refused(name, input)).toMatchObject({ code: 'not_found' });
    }
  });

  test('hard takes the row, and the words out of every event, also where they were quoted', async () => {
    const { app, act, refused, events, channelId, message, read } = await conversation();
    await act('updateMessage', { messageId: message.id, text: 'secret word, edited' });
    await act('addReaction', { messageId: message.id, type: 'like' });
    const quoting = await act('sendMessage', { channelId, text: 'as you said', quotedId: message.id }, 'bob');
    expect(quoting.quoted).not.toBeNull();
    const gone = await act('deleteMessage', { messageId: message.id, hard: true });
    expect(gone).toMatchObject({ id: message.id, text: '', deletedAt: expect.any(String) });

    expect(await read()).toBeNull();
    expect(await read(quoting.id)).toMatchObject({ text: 'as you said', quoted: null });
    const log = await events(channelId);
    expect(JSON.stringify(log)).not.toContain('secret word');
    expect(log.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(log[1]).toMatchObject({
      __typename: 'MessageCreated',
      message: { id: message.id, text: '', deletedAt: expect.any(String) },
    });
    expect(log[4]).toMatchObject({
      __typename: 'MessageCreated',
      message: { id: quoting.id, text: 'as you said', quoted: null },
    });
    const left = await world.db.query('SELECT 1 FROM reactions WHERE app_id = $1 AND message_id = $2', [
      app.appId,
      message.id,
    ]);
    expect(left).toEqual([]);
    expect(await refused('deleteMessage', { messageId: message.id, hard: true })).toMatchObject({ code: 'not_found' });
  });

  test('members delete their own, the owner anybody’s, and hard only those who may', async () => {
    const { act, refused, channelId, message } = await conversation();
    expect(await refused('deleteMessage', { messageId: message.id }, 'bob')).toMatchObject({
      permission: 'delete-any-message',
    });
    expect(await refused('deleteMessage', { messageId: message.id }, 'eve')).toMatchObject({ code: 'not_found' });
    const bobs = await act('sendMessage', { channelId, text: 'mine' }, 'bob');
    expect(await refused('deleteMessage', { messageId: bobs.id, hard: true }, 'bob')).toMatchObject({
      permission: 'hard-delete-message',
    });
    expect(await act('deleteMessage', { messageId: bobs.id }, 'bob')).toMatchObject({ text: '' });
    const again = await act('sendMessage', { channelId, text: 'mine' }, 'bob');
    expect(await act('deleteMessage', { messageId: again.id })).toMatchObject({ text: '' });
  });
});
