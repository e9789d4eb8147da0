import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { at, FakeChannel, message, user } from '../../test/fake-channel.ts';
import { createWorld } from '../../test/world.ts';

async function liveWorld(unread = { readSeq: 0, unreadCount: 0, unreadMentions: 0 }, messages = 0) {
  const world = createWorld();
  const server = new FakeChannel(world.network);
  for (let number = 1; number <= messages; number += 1) server.send('bob', { text: `${number}` });
  server.viewer = { ...server.viewer, ...unread };
  const channel = world.client.channel(server.id);
  channel.watch();
  await world.settle();
  const marks: number[] = [];
  world.network.handlers.set('markRead', ({ variables }) => {
    const { seq } = variables['input'] as { seq: number };
    marks.push(seq);
    return { markRead: { readSeq: seq, unreadCount: 0 } };
  });
  return { ...world, server, channel, marks };
}

test('messages of others count, own ones, replies and deleted ones do not', async () => {
  const { server, channel, settle } = await liveWorld();
  const first = server.send('bob', { text: 'one' });
  server.send('ada', { text: 'own' });
  server.append({ __typename: 'MessageCreated', message: message(3, { parentId: first.id }) });
  server.append({ __typename: 'MessageCreated', message: message(4, { kind: 'SYSTEM', user: null }) });
  server.append({ __typename: 'MessageCreated', message: message(5, { mentionedUsers: [user('ada')] }) });
  await settle();
  expect(channel.unread.get()).toEqual({ count: 2, mentions: 1, readSeq: 0 });
  server.append({ __typename: 'MessageDeleted', message: message(5, { text: '', deletedAt: at }), hard: false });
  server.append({ __typename: 'MessageDeleted', message: message(5, { text: '', deletedAt: at }), hard: true });
  await settle();
  expect(channel.unread.get()).toEqual({ count: 1, mentions: 0, readSeq: 0 });
});

test('where others have read to moves back with a log that was set back', async () => {
  const { server, channel, settle } = await liveWorld(undefined, 3);
  const stamp = { channelId: server.id, at };
  const readUpTo = (readSeq: number) => ({ __typename: 'ReadAdvanced' as const, userId: 'bob', readSeq, ...stamp });
  server.publish(readUpTo(3));
  await settle();
  expect(channel.reads.get().get('bob')).toBe(3);
  server.log.length = 1;
  server.messages.length = 1;
  server.epoch = 'two';
  server.publish({ __typename: 'ChannelReset', seq: 1, epoch: 'two', ...stamp });
  server.publish({ __typename: 'ChannelSynced', seq: 1, epoch: 'two', reads: [readUpTo(1)], ...stamp });
  await settle();
  expect(channel.reads.get().get('bob')).toBe(1);
});

test('what was marked before a log was set back is not sent again after it', async () => {
  const { server, channel, marks, settle } = await liveWorld({ readSeq: 0, unreadCount: 3, unreadMentions: 0 }, 3);
  await channel.markRead();
  server.log.length = 1;
  server.messages.length = 1;
  server.epoch = 'two';
  server.viewer = { ...server.viewer, readSeq: 0, unreadCount: 1 };
  server.publish({ __typename: 'ChannelReset', seq: 1, epoch: 'two', channelId: server.id, at });
  await settle();
  await channel.markRead();
  expect(marks).toEqual([3, 1]);
});

test('a replay counts nothing of a message that was deleted since, neither up nor down', async () => {
  const { server, channel, settle } = await liveWorld({ readSeq: 0, unreadCount: 2, unreadMentions: 0 });
  const deleted = message(1, { text: '', deletedAt: at });
  server.append({ __typename: 'MessageCreated', message: deleted });
  server.append({ __typename: 'MessageDeleted', message: deleted, hard: false });
  await settle();
  expect(channel.unread.get()).toMatchObject({ count: 2, mentions: 0 });
});

test('a loaded message that was deleted since is discounted once, whichever event shows it first', async () => {
  const { server, channel, settle } = await liveWorld();
  for (const text of ['one', 'two', 'three']) server.send('bob', { text });
  await settle();
  expect(channel.unread.get().count).toBe(3);
  // What a client that missed them replays: an edit and a reaction of messages that are deleted by now.
  const deleted = (seq: number) => message(seq, { text: '', deletedAt: at });
  server.append({ __typename: 'MessageUpdated', message: deleted(1) });
  server.append({ __typename: 'MessageDeleted', message: deleted(1), hard: false });
  const reaction = { type: 'like', user: user('eve'), score: 1, createdAt: at };
  server.append({ __typename: 'ReactionAdded', message: deleted(2), reaction });
  server.append({ __typename: 'MessageDeleted', message: deleted(2), hard: false });
  await settle();
  expect(channel.unread.get().count).toBe(1);
});

test('marking as read shows at once and is sent once', async () => {
  const { channel, marks, settle } = await liveWorld({ readSeq: 0, unreadCount: 3, unreadMentions: 1 }, 3);
  const marking = channel.markRead();
  expect(channel.unread.get()).toEqual({ count: 0, mentions: 0, readSeq: 3 });
  await marking;
  await channel.markRead();
  await settle();
  expect(marks).toEqual([3]);
  expect(channel.reads.get().get('ada')).toBe(3);
});

test('several marks at once become one more', async () => {
  const { channel, marks } = await liveWorld({ readSeq: 0, unreadCount: 3, unreadMentions: 0 }, 3);
  await Promise.all([channel.markRead(1), channel.markRead(2), channel.markRead(3)]);
  expect(marks).toEqual([1, 3]);
});

test('a refused mark is taken back', async () => {
  const { channel, network } = await liveWorld({ readSeq: 0, unreadCount: 3, unreadMentions: 1 }, 3);
  network.handlers.set('markRead', () => {
    throw new ParleyError('forbidden', 'unable to mark as read; you are no member');
  });
  await expect(channel.markRead()).rejects.toMatchObject({ code: 'forbidden' });
  expect(channel.unread.get()).toEqual({ count: 3, mentions: 1, readSeq: 0 });
});

test('reading on another device counts here too', async () => {
  const { server, channel, settle } = await liveWorld({ readSeq: 0, unreadCount: 3, unreadMentions: 0 }, 3);
  server.publish({ __typename: 'ReadAdvanced', userId: 'ada', readSeq: 2, channelId: server.id, at });
  await settle();
  expect(channel.unread.get()).toEqual({ count: 1, mentions: 0, readSeq: 2 });
});

test('the positions of others never move back', async () => {
  const { server, channel, settle } = await liveWorld();
  for (const readSeq of [5, 3])
    server.publish({ __typename: 'ReadAdvanced', userId: 'bob', readSeq, channelId: server.id, at });
  await settle();
  expect([...channel.reads.get()]).toEqual([['bob', 5]]);
});

test('read positions that come in the midst of a live channel are taken over, and nothing else changes', async () => {
  const { server, channel, network, clock, settle } = await liveWorld(
    { readSeq: 1, unreadCount: 2, unreadMentions: 0 },
    3,
  );
  const before = [channel.state, channel.messages, channel.members, channel.unread, channel.typing].map((store) =>
    store.get(),
  );
  const changes: string[] = [];
  for (const store of [channel.state, channel.messages]) store.subscribe(() => changes.push('changed'));
  const stamp = { channelId: server.id, at };
  const reads = [
    { __typename: 'ReadAdvanced', userId: 'bob', readSeq: 3, ...stamp },
    { __typename: 'ReadAdvanced', userId: 'eve', readSeq: 2, ...stamp },
  ] as const;
  server.publish({ __typename: 'ChannelSynced', seq: 3, epoch: 'one', reads, ...stamp });
  await clock.advanceAsync(1_000);
  expect([...channel.reads.get()]).toEqual([
    ['bob', 3],
    ['eve', 2],
  ]);
  const after = [channel.state, channel.messages, channel.members, channel.unread, channel.typing].map((store) =>
    store.get(),
  );
  for (const [index, value] of after.entries()) expect(value).toBe(before[index]);
  expect(changes).toEqual([]);
  expect(channel.state.get().status).toBe('live');
  expect(server.followers).toHaveLength(1);
  expect(network.named('Channel')).toHaveLength(1);
  server.send('bob', { text: 'next' });
  await settle();
  expect(channel.messages.get().items.at(-1)?.text).toBe('next');
});

test('a channel that was never opened here is marked up to its head', async () => {
  const { client, network } = createWorld();
  network.handlers.set('markRead', () => ({ markRead: { readSeq: 9, unreadCount: 0 } }));
  await client.channel('messaging:other').markRead();
  expect(network.named('markRead')[0]?.variables).toEqual({ input: { channelId: 'messaging:other' } });
});
