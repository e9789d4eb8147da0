import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { at, FakeChannel, user } from '../../test/fake-channel.ts';
import { listWorld, row } from '../../test/list-world.ts';

/** A list that is watched, and ada has opened one of its channels at the first of 300 unread messages: it holds a part in the middle of the history. */
async function openedInTheMiddle() {
  const world = await listWorld([row('general', 1), row('other', 2)]);
  const server = new FakeChannel(world.network);
  for (let number = 1; number <= 320; number += 1) server.send('bob', { text: `${number}` });
  server.viewer = { ...server.viewer, readSeq: 20, unreadCount: 300 };
  const channel = world.client.channel(server.id);
  channel.watch();
  await world.settle();
  expect(channel.messages.get().hasNewer).toBe(true);
  const item = () => world.list.get().items.find(({ id }) => id === server.id);
  return { ...world, server, channel, item };
}

test('the newest message stays the preview of a channel that is opened in the middle', async () => {
  const { server, channel, item, settle, keys } = await openedInTheMiddle();
  expect(item()?.lastMessage).toMatchObject({ text: '320' });
  const sent = server.send('bob', { text: 'now' });
  await settle();
  expect(item()?.lastMessage).toMatchObject({ text: 'now' });
  expect(channel.messages.get().hasNewer).toBe(true);
  server.edit(sent, 'edited');
  await settle();
  expect(item()?.lastMessage).toMatchObject({ text: 'edited' });
  server.append({ __typename: 'MessageCreated', message: { ...sent, id: 'reply', seq: 323, parentId: sent.id } });
  server.edit(server.messages[30] ?? sent, 'edited in the middle');
  await settle();
  expect(item()?.lastMessage).toMatchObject({ text: 'edited', replyCount: 1 });
  server.erase(sent);
  await settle();
  expect(item()?.lastMessage).toMatchObject({ text: '320' });
  expect(keys()).toHaveLength(2);
});

test('the preview is the newest message also after a jump away from it', async () => {
  const { server, channel, item, settle } = await openedInTheMiddle();
  await channel.messages.jumpToNewest();
  server.send('bob', { text: 'seen' });
  await channel.messages.loadAround(server.messages[100]?.id ?? '');
  server.publish({ __typename: 'ReadAdvanced', userId: 'bob', readSeq: 321, channelId: server.id, at });
  await settle();
  expect(channel.messages.get().hasNewer).toBe(true);
  expect(item()?.lastMessage).toMatchObject({ text: 'seen' });
});

test('the preview names its author as the author is called now', async () => {
  const { server, item, settle } = await openedInTheMiddle();
  const renamed = user('bob', { name: 'Robert', updatedAt: '2026-02-01T00:00:00.000Z' });
  server.publish({ __typename: 'UserUpdated', user: renamed, channelId: server.id, at });
  await settle();
  expect(item()?.lastMessage?.user?.name).toBe('Robert');
});

test('the badge is the number of the channel, also when the inbox brings it', async () => {
  const { server, channel, item, bump, clock, network, settle } = await openedInTheMiddle();
  server.publish({ __typename: 'ReadAdvanced', userId: 'ada', readSeq: 220, channelId: server.id, at });
  bump('general', 320, 1, 100);
  await settle();
  expect([channel.unread.get().count, item()?.unreadCount]).toEqual([100, 100]);
  await clock.advanceAsync(1_000);
  // The inbox has said it already.
  expect(network.named('ChannelViewer')).toEqual([]);
});

test('the badge is the number of the channel, also when the channel asks for it', async () => {
  const { server, channel, item, clock } = await openedInTheMiddle();
  server.viewer = { ...server.viewer, readSeq: 220, unreadCount: 100 };
  server.publish({ __typename: 'ReadAdvanced', userId: 'ada', readSeq: 220, channelId: server.id, at });
  await clock.advanceAsync(1_000);
  expect([channel.unread.get().count, item()?.unreadCount]).toEqual([100, 100]);
});

test('the badge comes back when a read is refused', async () => {
  const { channel, item, network, clock } = await openedInTheMiddle();
  network.handlers.set('markRead', () => {
    throw new ParleyError('forbidden', 'unable to mark as read; you are no member');
  });
  await expect(channel.markRead()).rejects.toMatchObject({ code: 'forbidden' });
  await clock.advanceAsync(1_000);
  expect([channel.unread.get().count, item()?.unreadCount]).toEqual([300, 300]);
});
