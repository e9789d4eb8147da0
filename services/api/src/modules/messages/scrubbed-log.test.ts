import type { LoggedEvent, Message } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRoom, messageFields } from '../../../test/room.ts';
import type { World } from '../../../test/world.ts';
import { createWorld } from '../../../test/world.ts';
import { LogWithoutWords1767484800000 } from '../../migrations/1767484800000-log-without-words.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Ada says something secret, Bob reacts to it and quotes it, and somebody reacts to that. */
async function conversation() {
  const room = await createRoom(world);
  const { act } = room;
  const channelId = await room.open('general');
  const secret = await act('sendMessage', {
    channelId,
    text: 'secret word',
    custom: { note: 'secret note' },
    mentionedUserIds: ['bob'],
    attachments: [{ type: 'file', title: 'secret plan' }],
  });
  await act('addReaction', { messageId: secret.id, type: 'like' }, 'bob');
  const quoting = await act('sendMessage', { channelId, text: 'as you said', quotedId: secret.id }, 'bob');
  await act('addReaction', { messageId: quoting.id, type: 'like' });
  const stored = async () =>
    JSON.stringify(
      await world.db.query('SELECT payload FROM channel_events WHERE app_id = $1 ORDER BY seq', [room.app.appId]),
    );
  return { ...room, channelId, secret, quoting, stored };
}

const messagesIn = (events: readonly LoggedEvent[], id: string): Message[] =>
  events.flatMap((event) => ('message' in event && event.message.id === id ? [event.message] : []));

describe('the log', () => {
  test('keeps no words, so that there is nothing to take out of it', async () => {
    const { stored } = await conversation();
    expect(await stored()).not.toContain('secret');
    expect(await stored()).not.toContain('as you said');
  });

  test('shows nothing of a message that was deleted softly, nor does a quote of it, to members who join later neither', async () => {
    const { act, events, channelId, secret, quoting } = await conversation();
    const { deletedAt } = await act('deleteMessage', { messageId: secret.id });
    await act('addMembers', { channelId, members: [{ userId: 'eve' }] });
    const log = await events(channelId);
    expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(JSON.stringify(log)).not.toContain('secret');
    const nothing = { text: '', attachments: [], mentionedUsers: [], custom: {}, reactionGroups: [], deletedAt };
    expect(messagesIn(log, secret.id)).toMatchObject([nothing, nothing, nothing]);
    const tombstone = { text: 'as you said', quoted: { id: secret.id, ...nothing } };
    expect(messagesIn(log, quoting.id)).toMatchObject([tombstone, tombstone]);
  });

  test('shows the newest words of a message that was edited, also where it is quoted, with the counts of their time', async () => {
    const { act, query, events, channelId, secret, quoting } = await conversation();
    await act('updateMessage', {
      messageId: secret.id,
      text: 'harmless',
      custom: {},
      attachments: [],
      mentionedUserIds: [],
    });
    const log = await events(channelId);
    expect(JSON.stringify(log)).not.toContain('secret');
    const now = { text: 'harmless', attachments: [], mentionedUsers: [], custom: {}, editedAt: expect.any(String) };
    expect(messagesIn(log, secret.id)).toMatchObject([
      { ...now, reactionGroups: [] },
      { ...now, reactionGroups: [{ type: 'like', count: 1 }] },
      { ...now, reactionGroups: [{ type: 'like', count: 1 }] },
    ]);
    expect(messagesIn(log, quoting.id)).toMatchObject([{ quoted: now }, { quoted: now }]);
    const read = await query<{ message: Message }>(`query ($id: ID!) { message(id: $id) { ${messageFields} } }`, {
      id: quoting.id,
    });
    expect(read.message.quoted).toMatchObject({ text: 'harmless' });
  });

  test('has none of the words that an earlier version wrote into it', async () => {
    const { app, act, events, channelId, secret, quoting, stored } = await conversation();
    await world.db.query(
      `UPDATE channel_events SET payload = jsonb_set(payload, '{message}', (payload -> 'message') || jsonb_build_object(
          'text', 'secret word', 'quoted', jsonb_build_object('id', $2::text, 'text', 'secret word')))
        WHERE app_id = $1 AND message_id IS NOT NULL`,
      [app.appId, secret.id],
    );
    await act('deleteMessage', { messageId: secret.id, hard: true });
    expect(JSON.stringify(await events(channelId))).not.toContain('secret');
    await new LogWithoutWords1767484800000().up({ query: (text) => world.db.query(text) });
    expect(await stored()).not.toContain('secret');
    expect(messagesIn(await events(channelId), quoting.id)).toMatchObject([
      { text: 'as you said', quoted: null },
      { text: 'as you said', quoted: null },
    ]);
  });

  test('does not make a deletion dearer that there are many events of the message', async () => {
    const { app, act, channelId, secret } = await conversation();
    await world.db.query(
      `INSERT INTO channel_events (app_id, channel_id, seq, type, payload, message_id, at)
       SELECT e.app_id, e.channel_id, 1000 + n, e.type, e.payload, e.message_id, e.at FROM channel_events e, generate_series(1, 3000) n
        WHERE e.app_id = $1 AND e.channel_id = $2 AND e.seq = 3`,
      [app.appId, channelId],
    );
    const versions = () =>
      world.db.query<{ seq: number; version: string }>(
        'SELECT seq, xmin::text AS version FROM channel_events WHERE app_id = $1 ORDER BY seq',
        [app.appId],
      );
    const before = await versions();
    await act('deleteMessage', { messageId: secret.id });
    // All that it writes to the log is its own event.
    expect((await versions()).filter(({ seq }) => seq !== 6)).toEqual(before);
  });
});
