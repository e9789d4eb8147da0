import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { at, FakeChannel } from '../../test/fake-channel.ts';
import { createWorld } from '../../test/world.ts';

function inboxWorld() {
  const world = createWorld();
  new FakeChannel(world.network);
  world.network.handlers.set('Unread', () => ({ unread: { totalUnread: 3, unreadChannels: 2 } }));
  world.network.onStream.set('Inbox', (stream) =>
    stream.next({ inbox: { __typename: 'InboxSynced', at, cursor: 'c1', epoch: 'one' } }),
  );
  const publish = (event: object) => {
    for (const stream of world.network.openStreams('Inbox')) stream.next({ inbox: { at, ...event } });
  };
  return { ...world, inbox: world.client.inbox, publish };
}

test('the unread numbers are loaded, then follow the events', async () => {
  const { inbox, publish, settle } = inboxWorld();
  inbox.watch();
  await settle();
  expect(inbox.get()).toEqual({ status: 'ready', totalUnread: 3, unreadChannels: 2 });
  publish({ __typename: 'UnreadChanged', cursor: 'c2', totalUnread: 4, unreadChannels: 2 });
  await settle();
  expect(inbox.get().totalUnread).toBe(4);
});

test('a slow answer does not overwrite what an event has said', async () => {
  const { inbox, network, publish, settle } = inboxWorld();
  let answer = (): void => {};
  network.handlers.set(
    'Unread',
    () => new Promise((resolve) => (answer = () => resolve({ unread: { totalUnread: 9, unreadChannels: 9 } }))),
  );
  inbox.watch();
  await settle();
  publish({ __typename: 'UnreadChanged', cursor: 'c2', totalUnread: 1, unreadChannels: 1 });
  await settle();
  answer();
  await settle();
  expect(inbox.get().totalUnread).toBe(1);
});

test('totals that were overtaken on the way do not replace newer ones', async () => {
  const { inbox, publish, settle } = inboxWorld();
  inbox.watch();
  await settle();
  publish({
    __typename: 'UnreadChanged',
    cursor: 'c2',
    at: '2026-01-01T00:00:02.000Z',
    totalUnread: 0,
    unreadChannels: 0,
  });
  publish({
    __typename: 'UnreadChanged',
    cursor: 'c3',
    at: '2026-01-01T00:00:01.000Z',
    totalUnread: 5,
    unreadChannels: 1,
  });
  await settle();
  expect(inbox.get().totalUnread).toBe(0);
});

test('numbers from before the clock of the server was put back do not hide those after it', async () => {
  const { inbox, publish, settle } = inboxWorld();
  inbox.watch();
  await settle();
  publish({
    __typename: 'UnreadChanged',
    cursor: 'c2',
    at: '2026-01-01T01:00:00.000Z',
    totalUnread: 0,
    unreadChannels: 0,
  });
  publish({
    __typename: 'UnreadChanged',
    cursor: 'c3',
    at: '2026-01-01T00:00:00.000Z',
    totalUnread: 5,
    unreadChannels: 1,
  });
  await settle();
  expect(inbox.get().totalUnread).toBe(5);
});

test('bumps of one channel that were overtaken on the way are not passed on, also within one millisecond', async () => {
  const { inbox, publish, settle } = inboxWorld();
  inbox.watch();
  await settle();
  const heard: unknown[] = [];
  inbox.on((event) => {
    if (event.__typename === 'ChannelBumped') heard.push([event.channelId, event.seq, event.unreadCount]);
  });
  const bump = (channelId: string, seq: number, unreadCount: number, ms: number) =>
    publish({
      __typename: 'ChannelBumped',
      cursor: 'c',
      at: `2026-01-01T00:00:00.00${ms}Z`,
      channelId,
      seq,
      unreadCount,
      unreadMentions: 0,
      lastMessage: null,
    });
  bump('messaging:a', 7, 0, 5);
  bump('messaging:a', 7, 3, 5);
  bump('messaging:a', 6, 2, 4);
  bump('messaging:b', 6, 2, 4);
  bump('messaging:a', 8, 1, 6);
  await settle();
  expect(heard).toEqual([
    ['messaging:a', 7, 0],
    ['messaging:b', 6, 2],
    ['messaging:a', 8, 1],
  ]);
});

test('after a cut it goes on from the newest cursor', async () => {
  const { inbox, network, publish, clock, settle } = inboxWorld();
  inbox.watch();
  await settle();
  publish({ __typename: 'UnreadChanged', cursor: 'c7', totalUnread: 1, unreadChannels: 1 });
  await settle();
  network.socket.drop();
  await clock.advanceAsync(1_000);
  expect(network.openStreams('Inbox').map(({ variables }) => variables)).toEqual([{ after: 'c7' }]);
});

test('a cursor that is no longer understood is dropped', async () => {
  const { inbox, network, clock, settle } = inboxWorld();
  inbox.watch();
  await settle();
  network.onStream.set('Inbox', (stream) => {
    if (stream.variables['after'] !== undefined)
      stream.error(new ParleyError('invalid_input', 'unable to accept after; it is no cursor'));
    else stream.next({ inbox: { __typename: 'UnreadChanged', at, cursor: 'd1', totalUnread: 8, unreadChannels: 1 } });
  });
  network.socket.drop();
  await clock.advanceAsync(1_000);
  expect(inbox.get()).toMatchObject({ status: 'ready', totalUnread: 8 });
});

test('absolute numbers correct a channel that is followed, at their position', async () => {
  const { client, inbox, network, publish, settle } = inboxWorld();
  const server = new FakeChannel(network);
  inbox.watch();
  const channel = client.channel(server.id);
  channel.watch();
  await settle();
  server.send('bob', { text: 'silent, which the event does not say' });
  await settle();
  expect(channel.unread.get().count).toBe(1);
  const bump = { __typename: 'ChannelBumped', channelId: server.id, unreadMentions: 0, lastMessage: null };
  publish({ ...bump, cursor: 'c2', seq: 0, unreadCount: 7 });
  await settle();
  expect(channel.unread.get().count).toBe(1);
  publish({ ...bump, cursor: 'c3', seq: 1, unreadCount: 0 });
  publish({ ...bump, cursor: 'c4', seq: 2, unreadCount: 5 });
  await settle();
  expect(channel.unread.get().count).toBe(0);
  server.send('bob', { text: 'two' });
  await settle();
  expect(channel.unread.get().count).toBe(5);
});

test('one subscription for all watchers, none without', async () => {
  const { inbox, network, settle } = inboxWorld();
  const unsubscribes = [inbox.watch(), inbox.watch()];
  await settle();
  expect(network.openStreams('Inbox')).toHaveLength(1);
  for (const unsubscribe of unsubscribes) unsubscribe();
  await settle();
  expect(network.openStreams('Inbox')).toHaveLength(0);
  expect(inbox.get().status).toBe('idle');
});

test('a stream that the server has ended is followed again from its cursor', async () => {
  const { inbox, network, publish, clock, settle } = inboxWorld();
  inbox.watch();
  await settle();
  publish({ __typename: 'UnreadChanged', cursor: 'c7', totalUnread: 4, unreadChannels: 2 });
  await settle();
  for (const stream of network.openStreams('Inbox')) stream.complete();
  await clock.advanceAsync(1_000);
  expect(network.openStreams('Inbox').map(({ variables }) => variables)).toEqual([{ after: 'c7' }]);
});
