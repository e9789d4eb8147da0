import { expect, test } from 'vitest';
import { FakeChannel } from '../../test/fake-channel.ts';
import { listWorld, minute, row } from '../../test/list-world.ts';

test('shows the channels in order, the newest message first, those without one last', async () => {
  const { list, keys } = await listWorld([row('a', 1), row('never', null), row('b', 3), row('c', 2)]);
  expect(list.get()).toMatchObject({ status: 'ready', hasMore: false, error: null });
  expect(keys()).toEqual(['b', 'c', 'a', 'never']);
});

test('a new message moves its channel to the top, without asking', async () => {
  const { keys, bump, settle, asked, list } = await listWorld([row('a', 1), row('b', 2)]);
  const before = asked();
  bump('a', 11, 5);
  await settle();
  expect(keys()).toEqual(['a', 'b']);
  expect(list.get().items[0]).toMatchObject({
    unreadCount: 1,
    lastMessage: { seq: 11 },
    data: { lastMessageAt: minute(5), seq: 11 },
  });
  expect(asked()).toBe(before);
});

test('a list of unread channels lets go of what was read, and takes in what becomes unread', async () => {
  const rows = [row('a', 1, { unreadCount: 2 }), row('b', 2)];
  const { keys, bump, clock, rows: stored } = await listWorld(rows, { filter: { hasUnread: true } });
  expect(keys()).toEqual(['a']);
  stored[1] = row('b', 4, { unreadCount: 1 });
  bump('b', 11, 4);
  await clock.advanceAsync(50);
  expect(keys()).toEqual(['b', 'a']);
  bump('a', 10, 1, 0);
  await clock.advanceAsync(0);
  expect(keys()).toEqual(['b']);
});

test('a channel that was joined appears, one that was left goes', async () => {
  const { keys, publish, clock, rows, settle } = await listWorld([row('a', 1)]);
  rows.push(row('b', 2));
  publish({ __typename: 'ChannelJoined', channel: row('b', 2).data });
  await clock.advanceAsync(50);
  expect(keys()).toEqual(['b', 'a']);
  rows.shift();
  publish({ __typename: 'ChannelLeft', channelId: 'messaging:a', reason: 'removed' });
  await settle();
  expect(keys()).toEqual(['b']);
  await clock.advanceAsync(50);
  expect(keys()).toEqual(['b']);
});

test('a channel that left the list but can still be read comes back', async () => {
  const { keys, publish, clock } = await listWorld([row('a', 1)]);
  publish({ __typename: 'ChannelLeft', channelId: 'messaging:a', reason: 'left' });
  await clock.advanceAsync(50);
  expect(keys()).toEqual(['a']);
});

test('pages follow each other, and what sorts behind the loaded ones waits for its page', async () => {
  const rows = [9, 8, 7, 6, 5].map((number) => row(`m${number}`, number));
  const { list, keys, clock, publish, rows: stored } = await listWorld(rows, { pageSize: 2 });
  expect(keys()).toEqual(['m9', 'm8']);
  stored.push(row('m4', 4));
  publish({ __typename: 'ChannelJoined', channel: row('m4', 4).data });
  await clock.advanceAsync(50);
  expect(keys()).toEqual(['m9', 'm8']);
  await Promise.all([list.loadMore(), list.loadMore()]);
  expect(keys()).toEqual(['m9', 'm8', 'm7', 'm6']);
  await list.loadMore();
  expect(keys()).toEqual(['m9', 'm8', 'm7', 'm6', 'm5', 'm4']);
  expect(list.get().hasMore).toBe(false);
});

test('where only the first members are known, the server decides on a filter by members', async () => {
  const big = row('big', 1, { members: ['ada'] });
  const { asked, bump, clock, keys } = await listWorld([{ ...big, data: { ...big.data, memberCount: 90 } }], {
    filter: { members: { contains: ['zoe'] } },
  });
  const before = asked();
  bump('big', 11, 5);
  await clock.advanceAsync(1_000);
  expect(keys()).toEqual(['big']);
  expect(asked()).toBe(before);
});

test('a channel that is followed here is shown as its handle has it', async () => {
  const { client, network, list, settle, keys } = await listWorld([row('general', 1), row('b', 9)]);
  const server = new FakeChannel(network);
  const unwatch = client.channel(server.id).watch();
  await settle();
  const sent = server.send('bob', { text: 'live' });
  await settle();
  const item = list.get().items.find(({ id }) => id === server.id);
  expect(item).toMatchObject({ unreadCount: 1, lastMessage: { id: sent.id, text: 'live' } });
  network.handlers.set('markRead', () => ({ markRead: { readSeq: 1, unreadCount: 0 } }));
  client
    .channel(server.id)
    .markRead()
    .catch(() => {});
  expect(list.get().items.find(({ id }) => id === server.id)?.unreadCount).toBe(0);
  expect(keys()).toHaveLength(2);
  unwatch();
});

test('unwatched, it asks for nothing and follows nothing', async () => {
  const { unwatch, bump, clock, asked, network } = await listWorld([row('a', 1)]);
  unwatch();
  await clock.advanceAsync(0);
  expect(network.openStreams('Inbox')).toHaveLength(0);
  const before = asked();
  bump('unknown', 1, 1);
  await clock.advanceAsync(5_000);
  expect(asked()).toBe(before);
});
