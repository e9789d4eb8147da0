import { ParleyError } from '@parley/contracts';
import { expect, test, vi } from 'vitest';
import { at, FakeChannel, message, user } from '../../test/fake-channel.ts';
import { createWorld } from '../../test/world.ts';

const newerTypes = `
  type PollClosed implements ChannelEvent & LoggedEvent { channelId: ID! at: DateTime! seq: Seq! actor: User poll: String! }
  type ScreenShared implements ChannelEvent { channelId: ID! at: DateTime! screen: String! }
  type ReminderDue implements InboxEvent { at: DateTime! cursor: String! text: String! }
  extend enum MessageKind { POLL }
`;

const logger = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() });

function openWorld(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld(options);
  const server = new FakeChannel(world.network);
  const channel = world.client.channel(server.id);
  const heard: unknown[] = [];
  channel.on((event) => void heard.push(event));
  const texts = () => channel.messages.get().items.map(({ text }) => text);
  return { ...world, server, channel, heard, texts };
}

test('events of a newer server keep their place in the log, are handed on, and change nothing else', async () => {
  const { network, server, channel, heard, texts, clock, settle } = openWorld();
  network.schema.extend(newerTypes);
  channel.watch();
  await settle();
  const before = network.operations.length;
  const statuses = new Set<string>();
  channel.state.subscribe(() => statuses.add(channel.state.get().status));
  for (const number of [1, 2, 3, 4, 5]) {
    server.send('bob', { text: `${number}` });
    server.appendUnknown('PollClosed', { poll: 'lunch' });
  }
  await clock.advanceAsync(10_000);
  expect(texts()).toEqual(['1', '2', '3', '4', '5']);
  expect(channel.state.get().status).toBe('live');
  expect([...statuses].filter((status) => status !== 'live')).toEqual([]);
  expect(network.operations.slice(before)).toEqual([]);
  expect(network.socket.subscribed('ChannelEvents')).toBe(1);
  expect(heard).toContainEqual({ __typename: 'PollClosed', channelId: server.id, at, seq: 2, actor: user('bob') });
  // The next interruption is resumed after the last of them.
  server.appendUnknown('PollClosed', { poll: 'dinner' });
  await settle();
  network.socket.drop();
  await clock.advanceAsync(1_000);
  expect(server.followers.map(({ variables }) => variables['after'])).toEqual([11]);
});

test('numbers of the inbox that are as of an unknown event count once it was applied', async () => {
  const { network, server, channel, client, settle } = openWorld();
  network.schema.extend(newerTypes);
  network.handlers.set('Unread', () => ({ unread: { totalUnread: 0, unreadChannels: 0 } }));
  client.inbox.watch();
  channel.watch();
  await settle();
  server.send('bob', { text: 'unread' });
  await settle();
  expect(channel.unread.get().count).toBe(1);
  const bump = { channelId: server.id, seq: 2, unreadCount: 7, unreadMentions: 0, lastMessage: null };
  for (const stream of network.openStreams('Inbox'))
    stream.next({ inbox: { __typename: 'ChannelBumped', at, cursor: 'c1', ...bump } });
  await settle();
  expect(channel.unread.get().count).toBe(1);
  server.appendUnknown('PollClosed', { poll: 'lunch' });
  await settle();
  expect(channel.unread.get().count).toBe(7);
});

test('an unknown event outside the log is handed on', async () => {
  const { network, server, channel, heard, settle } = openWorld();
  network.schema.extend(newerTypes);
  channel.watch();
  await settle();
  const screen = { __typename: 'ScreenShared', channelId: server.id, at, screen: 'one' };
  for (const stream of server.followers) stream.next({ channelEvents: screen });
  await settle();
  expect(heard).toContainEqual({ __typename: 'ScreenShared', channelId: server.id, at });
  expect(channel.state.get().status).toBe('live');
});

test('an unknown event of the inbox moves its cursor, and is handed on', async () => {
  const { network, client, clock, settle } = openWorld();
  network.schema.extend(newerTypes);
  network.handlers.set('Unread', () => ({ unread: { totalUnread: 0, unreadChannels: 0 } }));
  const heard: unknown[] = [];
  client.inbox.on((event) => void heard.push(event));
  client.inbox.watch();
  await settle();
  for (const stream of network.openStreams('Inbox'))
    stream.next({ inbox: { __typename: 'ReminderDue', at, cursor: 'c9', text: 'tea' } });
  await settle();
  expect(heard).toEqual([{ __typename: 'ReminderDue', at, cursor: 'c9' }]);
  network.socket.drop();
  await clock.advanceAsync(1_000);
  expect(network.openStreams('Inbox').map(({ variables }) => variables)).toEqual([{ after: 'c9' }]);
});

test('a value that an enumeration did not have is kept as it is', async () => {
  const { network, server, channel, settle } = openWorld();
  network.schema.extend(newerTypes);
  channel.watch();
  await settle();
  const poll: object = { kind: 'POLL', text: 'lunch?' };
  server.append({ __typename: 'MessageCreated', message: message(1, poll) });
  await settle();
  expect(channel.messages.get().items).toMatchObject([poll]);
});

test('an error code of a newer server is internal, and says what it is and whether a retry helps', async () => {
  const { network, client } = openWorld();
  for (const retryable of [true, false]) {
    network.fetchAnswer = { errors: [{ message: 'too many polls', extensions: { code: 'poll_limit', retryable } }] };
    const refusal = await client.execute('query Echo{echo}').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ParleyError);
    expect(refusal).toMatchObject({ code: 'internal', retryable, details: { serverCode: 'poll_limit' } });
  }
});

test('of an older server the SDK says what it lacks, once', async () => {
  const sink = logger();
  const { network, channel, clock, client } = openWorld({ logger: sink, logLevel: 'warn' });
  network.schema.without('editedAt: DateTime');
  channel.watch();
  await clock.advanceAsync(60_000);
  expect(channel.state.get()).toMatchObject({ status: 'failed', error: { code: 'invalid_query' } });
  expect(channel.state.get().error?.message).toMatch(/older than the SDK.*"editedAt" on type "Message"/);
  await client.connect();
  channel.watch();
  await clock.advanceAsync(60_000);
  const lacks = sink.error.mock.calls.filter(([text]) => String(text).includes('older than this SDK'));
  expect(lacks).toHaveLength(1);
  expect(lacks[0]?.[1]).toEqual({ lacks: expect.stringContaining('Cannot query field "editedAt" on type "Message"') });
});
