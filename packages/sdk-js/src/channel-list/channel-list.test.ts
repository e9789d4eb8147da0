import type { Channel, InboxEvent } from '@parley/contracts';
import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { at, channelData, FakeChannel, member, message } from '../../test/fake-channel.ts';
import type { FakeNetwork, FakeOperation } from '../../test/fake-network.ts';
import { createWorld } from '../../test/world.ts';
import type { ChannelQuery } from './channel-list.ts';

interface Row {
  readonly data: Channel;
  readonly unreadCount: number;
  readonly members: readonly string[];
}

const minute = (number: number) => `2026-01-01T00:${String(number).padStart(2, '0')}:00.000Z`;
const row = (key: string, lastMinute: number | null, part: Partial<Row> = {}): Row => ({
  data: channelData({
    id: `messaging:${key}`,
    key,
    name: key,
    lastMessageAt: lastMinute === null ? null : minute(lastMinute),
    seq: 10,
  }),
  unreadCount: 0,
  members: ['ada', 'bob'],
  ...part,
});

/** A server with rows of channels; the filter it obeys is `hasUnread` and `id`, which is what the tests ask for. */
async function listWorld(rows: Row[], query: ChannelQuery = {}) {
  const world = createWorld();
  new FakeChannel(world.network);
  const page = ({ variables }: FakeOperation) => {
    const asked = JSON.stringify(variables['filter'] ?? {});
    const ids: string[] | undefined = /"in":(\[[^\]]*\])/.exec(asked)
      ? JSON.parse(/"in":(\[[^\]]*\])/.exec(asked)?.[1] ?? '[]')
      : undefined;
    const found = rows
      .filter(({ data }) => ids === undefined || ids.includes(data.id))
      .filter(({ unreadCount }) => !asked.includes('"hasUnread":true') || unreadCount > 0)
      .sort((a, b) => (b.data.lastMessageAt ?? '').localeCompare(a.data.lastMessageAt ?? ''));
    const start = Number(variables['after'] ?? 0);
    const end = start + Number(variables['first']);
    const nodes = found.slice(start, end).map(({ data, unreadCount, members }) => ({
      ...data,
      memberCount: Math.max(members.length, data.memberCount),
      viewer: { membership: member('ada'), capabilities: [], readSeq: 0, unreadCount, unreadMentions: 0 },
      members: { nodes: members.map((id) => member(id)) },
      messages: { nodes: [] },
    }));
    return {
      channels: {
        nodes,
        pageInfo: { hasNextPage: found.length > end, endCursor: String(Math.min(end, found.length)) },
      },
    };
  };
  world.network.handlers.set('Channels', page);
  world.network.handlers.set('Unread', () => ({ unread: { totalUnread: 0, unreadChannels: 0 } }));
  let cursors = 0;
  const stamp = () => {
    cursors += 1;
    return { at, cursor: `cursor-${cursors}` };
  };
  world.network.onStream.set('Inbox', (stream) =>
    stream.next({ inbox: { __typename: 'InboxSynced', epoch: 'one', ...stamp() } }),
  );
  type Draft<E extends InboxEvent = InboxEvent> = E extends InboxEvent ? Omit<E, 'at' | 'cursor'> : never;
  const tell = (event: Draft) => {
    for (const stream of world.network.openStreams('Inbox')) stream.next({ inbox: { ...event, ...stamp() } });
  };
  const bump = (key: string, seq: number, lastMinute: number, unreadCount = 1) =>
    tell({
      __typename: 'ChannelBumped',
      channelId: `messaging:${key}`,
      seq,
      unreadCount,
      unreadMentions: 0,
      lastMessage: message(seq, { createdAt: minute(lastMinute), channelId: `messaging:${key}` }),
    });
  const list = world.client.channels(query);
  const undo = list.watch();
  await world.settle();
  const keys = () => list.get().items.map(({ data }) => data.key);
  const asked = () => world.network.named('Channels').length;
  return { ...world, list, undo, keys, tell, bump, asked, rows };
}

/** The next answer is made when it is asked for, and travels when the test says so. */
function holdNext({ handlers }: FakeNetwork): () => void {
  const answer = handlers.get('Channels');
  let release = (): void => {};
  handlers.set('Channels', (operation) => {
    const old = answer?.(operation);
    handlers.set('Channels', answer ?? (() => undefined));
    return new Promise((resolve) => {
      release = () => resolve(old);
    });
  });
  return () => release();
}

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
  const { keys, tell, clock, rows, settle } = await listWorld([row('a', 1)]);
  rows.push(row('b', 2));
  tell({ __typename: 'ChannelJoined', channel: row('b', 2).data });
  await clock.advanceAsync(50);
  expect(keys()).toEqual(['b', 'a']);
  rows.shift();
  tell({ __typename: 'ChannelLeft', channelId: 'messaging:a', reason: 'removed' });
  await settle();
  expect(keys()).toEqual(['b']);
  await clock.advanceAsync(50);
  expect(keys()).toEqual(['b']);
});

test('a channel that left the list but can still be read comes back', async () => {
  const { keys, tell, clock } = await listWorld([row('a', 1)]);
  tell({ __typename: 'ChannelLeft', channelId: 'messaging:a', reason: 'left' });
  await clock.advanceAsync(50);
  expect(keys()).toEqual(['a']);
});

test('pages follow each other, and what sorts behind the loaded ones waits for its page', async () => {
  const rows = [9, 8, 7, 6, 5].map((number) => row(`m${number}`, number));
  const { list, keys, clock, tell, rows: stored } = await listWorld(rows, { pageSize: 2 });
  expect(keys()).toEqual(['m9', 'm8']);
  stored.push(row('m4', 4));
  tell({ __typename: 'ChannelJoined', channel: row('m4', 4).data });
  await clock.advanceAsync(50);
  expect(keys()).toEqual(['m9', 'm8']);
  await Promise.all([list.loadMore(), list.loadMore()]);
  expect(keys()).toEqual(['m9', 'm8', 'm7', 'm6']);
  await list.loadMore();
  expect(keys()).toEqual(['m9', 'm8', 'm7', 'm6', 'm5', 'm4']);
  expect(list.get().hasMore).toBe(false);
});

test('a page that is older than what was told meanwhile does not hide it', async () => {
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
  const { list, tell, bump, network, clock, rows } = await listWorld([row('a', 1)]);
  const release = holdNext(network);
  tell({ __typename: 'ChannelJoined', channel: row('a', 1).data });
  await clock.advanceAsync(50);
  rows[0] = row('a', 5, { unreadCount: 4 });
  bump('a', 11, 5, 4);
  release();
  await clock.advanceAsync(100);
  expect(list.get().items[0]).toMatchObject({ unreadCount: 4 });
});

test('more channels than can be asked for at once, told while a page is under way, are not forgotten', async () => {
  const { client, keys, tell, network, clock, rows, list, undo, settle } = await listWorld([row('a', 1)], {
    pageSize: 100,
  });
  const release = holdNext(network);
  client.inbox.watch();
  undo();
  list.watch();
  await settle();
  for (let number = 0; number < 150; number += 1) {
    const last = number === 149 ? 59 : 2;
    rows.push(row(`new-${number}`, last));
    tell({ __typename: 'ChannelJoined', channel: row(`new-${number}`, last).data });
  }
  await clock.advanceAsync(100);
  release();
  await clock.advanceAsync(1_000);
  expect(keys()[0]).toBe('new-149');
});

test('a log that grew without a new message is looked at again', async () => {
  const { list, tell, clock, rows } = await listWorld([row('a', 1)]);
  rows[0] = { ...row('a', 1), data: { ...row('a', 1).data, name: 'renamed', seq: 11 } };
  tell({
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
  const undo = client.channel(server.id).watch();
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
  undo();
});

test('unwatched, it asks for nothing and follows nothing', async () => {
  const { undo, bump, clock, asked, network } = await listWorld([row('a', 1)]);
  undo();
  await clock.advanceAsync(0);
  expect(network.openStreams('Inbox')).toHaveLength(0);
  const before = asked();
  bump('unknown', 1, 1);
  await clock.advanceAsync(5_000);
  expect(asked()).toBe(before);
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
  const { keys, tell, settle, rows } = await listWorld([row('a', 1), row('phantom', 2)]);
  expect(keys()).toEqual(['phantom', 'a']);
  rows.splice(1, 1);
  tell({ __typename: 'InboxSynced', epoch: 'one' });
  await settle();
  expect(keys()).toEqual(['phantom', 'a']);
  tell({ __typename: 'InboxSynced', epoch: 'two' });
  await settle();
  expect(keys()).toEqual(['a']);
});
