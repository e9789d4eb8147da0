import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { FakeChannel } from '../../test/fake-channel.ts';
import { holdNext, listWorld, minute, row } from '../../test/list-world.ts';
import { createWorld } from '../../test/world.ts';

test('a page that is older than an event meanwhile does not hide it', async () => {
  const { list, bump, network, clock, rows } = await listWorld([row('a', 1), row('b', 2)]);
  const release = holdNext(network);
  const refreshed = list.refresh();
  await clock.advanceAsync(0);
  rows[0] = row('a', 5, { unreadCount: 4 });
  bump('a', 11, 5, 4);
  await clock.advanceAsync(200);
  release();
  await refreshed;
  await clock.advanceAsync(50);
  expect(list.get().items[0]).toMatchObject({ data: { key: 'a', lastMessageAt: minute(5) }, unreadCount: 4 });
});

test('an answer about one channel that is older than its bump does not hide the bump', async () => {
  const { list, publish, bump, network, clock, rows } = await listWorld([row('a', 1)]);
  const release = holdNext(network);
  publish({ __typename: 'ChannelJoined', channel: row('a', 1).data });
  await clock.advanceAsync(50);
  rows[0] = row('a', 5, { unreadCount: 4 });
  bump('a', 11, 5, 4);
  release();
  await clock.advanceAsync(100);
  expect(list.get().items[0]).toMatchObject({ unreadCount: 4 });
});

test('more channels than can be asked for at once, bumped while a page is under way, are not forgotten', async () => {
  const { client, keys, publish, network, clock, rows, list, unwatch, settle } = await listWorld([row('a', 1)], {
    pageSize: 100,
  });
  const release = holdNext(network);
  client.inbox.watch();
  unwatch();
  list.watch();
  await settle();
  for (let number = 0; number < 150; number += 1) {
    const last = number === 149 ? 59 : 2;
    rows.push(row(`new-${number}`, last));
    publish({ __typename: 'ChannelJoined', channel: row(`new-${number}`, last).data });
  }
  await clock.advanceAsync(100);
  release();
  await clock.advanceAsync(1_000);
  expect(keys()[0]).toBe('new-149');
});

test('a log that grew without a new message is looked at again', async () => {
  const { list, publish, clock, rows } = await listWorld([row('a', 1)]);
  rows[0] = { ...row('a', 1), data: { ...row('a', 1).data, name: 'renamed', seq: 11 } };
  publish({
    __typename: 'ChannelBumped',
    channelId: 'messaging:a',
    seq: 11,
    unreadCount: 0,
    unreadMentions: 0,
    lastMessage: null,
  });
  await clock.advanceAsync(1_000);
  expect(list.get().items[0]?.data.name).toBe('renamed');
});

test('a page that was read before the inbox was live is read again', async () => {
  const { asked } = await listWorld([row('a', 1)]);
  expect(asked()).toBe(2);
});

test('a server that is out for a while shows as failed, and the list comes by itself', async () => {
  const { client, network, clock } = createWorld();
  new FakeChannel(network);
  const list = client.channels();
  network.handlers.set('Unread', () => ({ unread: { totalUnread: 0, unreadChannels: 0 } }));
  network.handlers.set('Channels', () => {
    throw new ParleyError('unavailable', 'unable to answer; the database is away');
  });
  list.watch();
  await clock.advanceAsync(500);
  expect(list.get()).toMatchObject({ status: 'failed', error: { code: 'unavailable' } });
  await expect(list.refresh()).rejects.toMatchObject({ code: 'unavailable' });
  network.handlers.set('Channels', () => ({
    channels: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } },
  }));
  await clock.advanceAsync(20_000);
  expect(list.get()).toMatchObject({ status: 'ready', error: null });
});

test('a list is loaded anew after the log was set back, since nobody says of a channel that it never was', async () => {
  const { keys, publish, settle, rows } = await listWorld([row('a', 1), row('phantom', 2)]);
  expect(keys()).toEqual(['phantom', 'a']);
  rows.splice(1, 1);
  publish({ __typename: 'InboxSynced', epoch: 'one' });
  await settle();
  expect(keys()).toEqual(['phantom', 'a']);
  publish({ __typename: 'InboxSynced', epoch: 'two' });
  await settle();
  expect(keys()).toEqual(['a']);
});
