import type { LoggedEvent, Message, MessageDeleted, MessageUpdated } from '@parley/contracts';
import { describe, expect, test } from 'vitest';
import { created, messageOf } from '../../test/events.ts';
import { startWorld } from '../../test/world.ts';
import { ReplayBudget } from './replay-budget.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import { saidNow, saysMore } from './said-now.ts';

const general = 'messaging:general';
const at = '2026-01-01T00:00:00.000Z';
const later = '2026-01-01T00:00:01.000Z';
const secret = messageOf(general, 'secret', 1);
const quoting: Message = { ...messageOf(general, 'as you said', 2), quoted: secret };
const place = { channelId: general, at, actor: null };
const creation = (message: Message): LoggedEvent => ({
  __typename: 'MessageCreated',
  ...place,
  seq: message.seq,
  message,
});
const edit = (seq: number, text: string): MessageUpdated => ({
  __typename: 'MessageUpdated',
  ...place,
  seq,
  message: { ...secret, text, editedAt: at },
});
const deletion = (seq: number, hard = false): MessageDeleted => ({
  __typename: 'MessageDeleted',
  ...place,
  seq,
  hard,
  message: { ...secret, text: '', deletedAt: at },
});

const texts = (events: readonly LoggedEvent[] | undefined) =>
  events?.map((event) => ('message' in event ? [event.message.text, event.message.quoted?.text ?? null] : null));

describe('the replay buffer of a channel', () => {
  const kept = (...events: readonly LoggedEvent[]) => {
    const buffer = new ReplayBuffer(new ReplayBudget());
    buffer.startAt(0);
    for (const event of events) buffer.append(event, 100);
    return buffer;
  };

  test('says what an edited message says now, also in its quotes', () => {
    const buffer = kept(creation(secret), creation(quoting), edit(3, 'harmless'));
    expect(texts(buffer.after(0))).toEqual([
      ['harmless', null],
      ['as you said', 'harmless'],
      ['harmless', null],
    ]);
  });

  test('has nothing of a deleted message, and no edit brings it back', () => {
    const buffer = kept(creation(secret), creation(quoting), deletion(3));
    expect(JSON.stringify(buffer.after(0))).not.toContain('secret');
    expect(texts(buffer.after(0))?.[1]).toEqual(['as you said', '']);
    expect(saidNow(buffer.after(0)?.[0] ?? creation(secret), edit(4, 'secret'))).toMatchObject({
      message: { text: '' },
    });
  });

  test('quotes no message that was deleted for good', () => {
    const buffer = kept(creation(secret), creation(quoting), deletion(3, true));
    expect(JSON.stringify(buffer.after(0))).not.toContain('secret');
    expect(buffer.after(1)?.[0]).toMatchObject({ message: { quoted: null } });
  });

  test('shows older events, which were read before a deletion, as they are after it', () => {
    const buffer = kept();
    buffer.startAt(2);
    buffer.append(deletion(3), 100);
    buffer.prepend([creation(secret), creation(quoting)]);
    expect(buffer.from).toBe(0);
    expect(JSON.stringify(buffer.after(0))).not.toContain('secret');
  });
});

test('of two readings of an event the one that knows of the edit or the deletion says more', () => {
  const edited = creation({ ...secret, text: 'harmless', editedAt: later });
  const gone = creation({ ...secret, text: '', deletedAt: later });
  expect(saysMore(edited, creation(secret))).toBe(true);
  expect(saysMore(creation(secret), edited)).toBe(false);
  expect(saysMore(gone, edited)).toBe(true);
  expect(saysMore(edited, gone)).toBe(false);
  expect(saysMore(creation({ ...quoting, quoted: null }), creation(quoting))).toBe(true);
  expect(saysMore(creation(secret), creation(secret))).toBe(false);
});

const watch = `subscription ($channelId: ID!, $after: Seq) { channelEvents(channelId: $channelId, after: $after) {
  __typename ... on LoggedEvent { seq } ... on ChannelSynced { seq } ... on MessageCreated { message { text quoted { text } } } } }`;

test('who comes after a soft deletion is shown nothing of what was said, though the node has seen it go by', async () => {
  const world = await startWorld();
  const channel = world.api.channel(general);
  const ada = await world.connect('ada');
  ada.subscribe('1', watch, { channelId: general });
  await ada.synced('1');
  const [first] = channel.append(created(general, 'regretted'));
  if (first?.__typename !== 'MessageCreated') throw new Error('the channel lost the first message');
  channel.append({
    ...created(general, 'as you said'),
    message: { ...messageOf(general, 'as you said', 2), quoted: first.message },
  });
  const gone = { ...first.message, text: '', deletedAt: at };
  channel.append({ __typename: 'MessageDeleted', at, actor: null, message: gone, hard: false });
  await expect.poll(() => ada.seqs('1')).toEqual([1, 2, 3]);
  // In the log itself it is still there, in this test, so that what bob gets must come from what the node keeps.
  const bob = await world.connect('bob');
  bob.subscribe('1', watch, { channelId: general, after: 0 });
  await bob.synced('1');
  expect(bob.seqs('1')).toEqual([1, 2, 3]);
  expect(bob.texts.join()).not.toContain('regretted');
});
