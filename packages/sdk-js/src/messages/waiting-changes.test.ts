import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { liveWorld } from '../../test/changing-world.ts';
import { at } from '../../test/fake-channel.ts';

const forbidden = new ParleyError('forbidden', 'unable to change message; you may not');

test('what is done without a network for ten minutes is done when it is back, in order, once', async () => {
  const { channel, server, first, asked, shown, clock, goOffline, goOnline } = await liveWorld();
  goOffline();
  const all = Promise.all([channel.edit(first.id, 'better'), channel.react(first.id, 'like'), channel.send('new')]);
  await clock.advanceAsync(10 * 60_000);
  expect(shown()).toMatchObject({ text: 'better', pending: 'edit', error: null, ownReactions: [{ type: 'like' }] });
  await goOnline();
  await all;
  expect(asked).toEqual(['updateMessage better', 'addReaction like']);
  expect(server.messages.map(({ text }) => text)).toEqual(['better', 'new']);
  expect(shown()).toMatchObject({ text: 'better', pending: null, ownReactions: [{ type: 'like' }] });
});

test('an answer that is lost after the server did the work changes nothing', async () => {
  const { channel, server, first, asked, lost, shown, clock } = await liveWorld();
  lost.push('updateMessage', 'addReaction', 'deleteMessage');
  const all = Promise.all([channel.edit(first.id, 'better'), channel.react(first.id, 'like')]);
  await clock.advanceAsync(5_000);
  await all;
  expect(asked).toEqual(['updateMessage better', 'updateMessage better', 'addReaction like', 'addReaction like']);
  expect(server.messages).toMatchObject([{ text: 'better', ownReactions: [{ type: 'like' }] }]);
  const deleting = channel.delete(first.id);
  expect(shown()).toMatchObject({ text: '', pending: 'delete' });
  await clock.advanceAsync(5_000);
  await deleting;
  expect(shown()).toMatchObject({ deletedAt: at, pending: null, error: null });
});

test('an edit of a message that is not sent yet waits for it', async () => {
  const { channel, server, asked, goOffline, goOnline, clock } = await liveWorld();
  goOffline();
  const sending = channel.send('helo');
  const { id = '' } = channel.messages.get().items[1] ?? {};
  const editing = channel.edit(id, 'hello');
  await clock.advanceAsync(1_000);
  expect(channel.messages.get().items[1]).toMatchObject({ text: 'hello', status: 'sending', pending: 'edit' });
  await goOnline();
  await Promise.all([sending, editing]);
  expect(asked).toEqual(['updateMessage hello']);
  expect(server.messages[1]).toMatchObject({ id, text: 'hello' });
  expect(channel.messages.get().items[1]).toMatchObject({ text: 'hello', status: 'sent', pending: null });
});

test('an edit waits while its message has failed, and goes after it when that is tried again', async () => {
  const { channel, network, server, asked, settle } = await liveWorld();
  const send = network.handlers.get('sendMessage');
  network.handlers.set('sendMessage', () => {
    throw forbidden;
  });
  await expect(channel.send('helo')).rejects.toThrow();
  const { id = '' } = channel.messages.get().items[1] ?? {};
  const editing = channel.edit(id, 'hello');
  await settle();
  expect(asked).toEqual([]);
  if (send !== undefined) network.handlers.set('sendMessage', send);
  await channel.retry(id);
  await editing;
  expect(server.messages[1]).toMatchObject({ id, text: 'hello' });
});

test('a second edit is joined to one that waits, and leaves what it does not name', async () => {
  const { channel, first, asked, server, shown, clock, goOffline, goOnline } = await liveWorld();
  goOffline();
  const one = channel.edit(first.id, 'one');
  await clock.advanceAsync(1_000);
  const edits = Promise.all([one, channel.edit(first.id, 'two'), channel.edit(first.id, { custom: { mood: 'good' } })]);
  expect(shown()).toMatchObject({ text: 'two', custom: { mood: 'good' } });
  await goOnline();
  expect((await edits).map(({ text }) => text)).toEqual(['two', 'two', 'two']);
  expect(asked).toEqual(['updateMessage two']);
  expect(server.messages[0]).toMatchObject({ text: 'two', custom: { mood: 'good' } });
});

test('an edit that comes while another one is under way goes after it', async () => {
  const { channel, first, asked, server } = await liveWorld();
  const one = channel.edit(first.id, 'one');
  const two = channel.edit(first.id, 'two');
  await Promise.all([one, two]);
  expect(asked).toEqual(['updateMessage one', 'updateMessage two']);
  expect(server.messages[0]?.text).toBe('two');
});

test('a deletion drops what waits for the message', async () => {
  const { channel, first, asked, goOffline, goOnline } = await liveWorld();
  goOffline();
  // The first try is under way; what comes after it waits.
  channel.send('before').catch(() => {});
  const editing = expect(channel.edit(first.id, 'better')).rejects.toMatchObject({ code: 'not_found' });
  const reacting = expect(channel.react(first.id, 'like')).rejects.toMatchObject({ code: 'not_found' });
  const deleting = channel.delete(first.id);
  await editing;
  await reacting;
  await goOnline();
  await deleting;
  expect(asked).toEqual(['deleteMessage']);
});

test('a message that was never tried is deleted where it is written', async () => {
  const { channel, network, server, asked, goOffline, goOnline } = await liveWorld();
  goOffline();
  const before = channel.send('before');
  const sending = expect(channel.send('never mind')).rejects.toMatchObject({ code: 'not_found' });
  const { id = '' } = channel.messages.get().items[2] ?? {};
  await channel.delete(id);
  await sending;
  expect(channel.messages.get().items).toHaveLength(2);
  await goOnline();
  await before;
  expect(asked).toEqual([]);
  expect(network.named('sendMessage')).toHaveLength(1);
  expect(server.messages).toHaveLength(2);
});

test('a message that may be on the server is sent before it is deleted', async () => {
  const { channel, server, asked, goOffline, goOnline, clock } = await liveWorld();
  goOffline();
  const sending = channel.send('oops');
  await clock.advanceAsync(1_000);
  const { id = '' } = channel.messages.get().items[1] ?? {};
  const deleting = channel.delete(id);
  await goOnline();
  await Promise.all([sending, deleting]);
  expect(asked).toEqual(['deleteMessage']);
  expect(server.messages[1]).toMatchObject({ id, deletedAt: at });
});

test('a reaction that is taken back before it went out never goes out', async () => {
  const { channel, first, asked, goOffline, goOnline } = await liveWorld();
  goOffline();
  channel.send('before').catch(() => {});
  const both = Promise.all([channel.react(first.id, 'like'), channel.unreact(first.id, 'like')]);
  await both;
  await goOnline();
  expect(asked).toEqual([]);
});

test('a reaction whose outcome is unknown is taken back on the server too', async () => {
  const { channel, first, server, asked, lost, clock } = await liveWorld();
  lost.push('addReaction');
  const reacting = channel.react(first.id, 'like');
  await clock.advanceAsync(0);
  const back = channel.unreact(first.id, 'like');
  await clock.advanceAsync(5_000);
  await Promise.all([reacting, back]);
  expect(asked).toEqual(['addReaction like', 'removeReaction like']);
  expect(server.messages[0]?.ownReactions).toEqual([]);
});

test('a refused edit is handed back with its words, to be tried again or discarded', async () => {
  const { channel, server, first, shown, refuse } = await liveWorld();
  refuse(forbidden);
  await expect(channel.edit(first.id, 'better')).rejects.toMatchObject({ code: 'forbidden' });
  expect(shown()).toMatchObject({ text: 'hello', editedAt: null, status: 'sent', pending: null });
  expect(shown()).toMatchObject({ error: { code: 'forbidden' }, failedEdit: { text: 'better' } });
  refuse(null);
  const retrying = channel.retry(first.id);
  expect(shown()).toMatchObject({ text: 'better', pending: 'edit', error: null, failedEdit: null });
  await retrying;
  expect(server.messages[0]?.text).toBe('better');
  refuse(forbidden);
  await expect(channel.edit(first.id, 'worse')).rejects.toThrow();
  channel.discard(first.id);
  expect(shown()).toMatchObject({ text: 'better', error: null, failedEdit: null });
  await expect(channel.retry(first.id)).rejects.toMatchObject({ code: 'not_found' });
});

test('a refused deletion says so, to be tried again; a new edit gives it up', async () => {
  const { channel, server, first, shown, refuse } = await liveWorld();
  refuse(forbidden);
  await expect(channel.delete(first.id)).rejects.toThrow();
  expect(shown()).toMatchObject({ text: 'hello', error: { code: 'forbidden' }, failedEdit: null });
  refuse(null);
  await channel.edit(first.id, 'better');
  expect(shown()).toMatchObject({ text: 'better', error: null });
  refuse(forbidden);
  await expect(channel.delete(first.id)).rejects.toThrow();
  refuse(null);
  await channel.retry(first.id);
  expect(server.messages[0]?.deletedAt).toBe(at);
});

test('an edit is kept when the client disconnects, and goes out when it connects again', async () => {
  const { channel, client, server, first, network, shown, settle, clock } = await liveWorld();
  const work = network.handlers.get('updateMessage');
  network.handlers.set('updateMessage', () => new Promise(() => {}));
  const editing = channel.edit(first.id, 'better');
  await settle();
  client.disconnect();
  await clock.advanceAsync(60_000);
  expect(shown()).toMatchObject({ text: 'better', pending: 'edit' });
  if (work !== undefined) network.handlers.set('updateMessage', work);
  await client.connect();
  await settle();
  await editing;
  expect(server.messages[0]?.text).toBe('better');
});

test('no more than 200 things wait in a channel, and the next one says so', async () => {
  const { channel, first, goOffline } = await liveWorld();
  goOffline();
  for (let number = 0; number < 200; number += 1) channel.send(`${number}`).catch(() => {});
  await expect(channel.edit(first.id, 'x')).rejects.toMatchObject({ code: 'rate_limited', details: { limit: 200 } });
  await expect(channel.send('x')).rejects.toMatchObject({ code: 'rate_limited', details: { limit: 200 } });
});

test('a reaction that is under way is taken back after it, however often one changes one’s mind', async () => {
  const { channel, first, server, asked } = await liveWorld();
  const all = [
    channel.react(first.id, 'like'),
    channel.unreact(first.id, 'like'),
    channel.react(first.id, 'like'),
    channel.unreact(first.id, 'like'),
  ];
  await Promise.all(all);
  expect(asked).toEqual(['addReaction like', 'removeReaction like']);
  expect(server.messages[0]?.ownReactions).toEqual([]);
});

test('what is undefined is omitted: it takes no words of an earlier edit away', async () => {
  const { channel, first, server, goOffline, goOnline } = await liveWorld();
  goOffline();
  channel.send('before').catch(() => {});
  const words = channel.edit(first.id, 'better');
  // @ts-expect-error callers without types, or without exactOptionalPropertyTypes, do that
  const mood = channel.edit(first.id, { text: undefined, custom: { mood: 'good' } });
  await goOnline();
  await Promise.all([words, mood]);
  expect(server.messages[0]).toMatchObject({ text: 'better', custom: { mood: 'good' } });
});
