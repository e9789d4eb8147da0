import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { at, channelData, member, user } from '../../test/fake-channel.ts';
import { openWorld } from '../../test/feed-world.ts';

test('a channel that cannot be opened says why, and is asked for again when watched again', async () => {
  const { server, channel, network, settle } = openWorld();
  network.handlers.set('Channel', () => ({ channel: null }));
  const unwatch = channel.watch();
  await expect(channel.ready()).rejects.toMatchObject({ code: 'not_found' });
  expect(channel.state.get()).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
  unwatch();
  network.handlers.set('Channel', () => server.snapshot());
  channel.watch();
  await settle();
  expect(channel.state.get()).toMatchObject({ status: 'live', error: null });
});

test('a server that is out for a while is asked again', async () => {
  const { server, channel, network, clock } = openWorld();
  network.handlers.set('Channel', () => {
    throw new ParleyError('unavailable', 'unable to answer; the database is away');
  });
  channel.watch();
  await clock.advanceAsync(5_000);
  expect(channel.state.get().status).toBe('loading');
  network.handlers.set('Channel', () => server.snapshot());
  await clock.advanceAsync(20_000);
  expect(channel.state.get().status).toBe('live');
});

test('who loses access while watching sees a closed channel', async () => {
  const { server, channel, settle } = openWorld();
  channel.watch();
  await settle();
  server.append({ __typename: 'MembersRemoved', userIds: ['ada'], memberCount: 1 });
  for (const stream of server.followers)
    stream.error(new ParleyError('forbidden', 'unable to read; you are no member'));
  await settle();
  expect(channel.state.get()).toMatchObject({ status: 'closed', error: { code: 'forbidden' } });
  expect(channel.members.get().map((one) => one.user.id)).toEqual(['bob']);
});

test('who is a member again sees the channel open again', async () => {
  const { server, channel, client, network, settle, texts } = openWorld();
  network.handlers.set('Unread', () => ({ unread: { totalUnread: 0, unreadChannels: 0 } }));
  client.inbox.watch();
  channel.watch();
  await settle();
  for (const stream of server.followers)
    stream.error(new ParleyError('forbidden', 'unable to watch; you were removed'));
  await settle();
  expect(channel.state.get().status).toBe('closed');
  server.send('bob', { text: 'without you' });
  const joined = { __typename: 'ChannelJoined', at, cursor: 'c', channel: channelData() };
  for (const stream of network.openStreams('Inbox')) stream.next({ inbox: joined });
  await settle();
  expect(channel.state.get()).toMatchObject({ status: 'live', error: null });
  server.send('bob', { text: 'welcome back' });
  await settle();
  expect(texts()).toEqual(['without you', 'welcome back']);
});

test('a new membership begins at the end of the log, whatever was read in an earlier one', async () => {
  const { server, channel, settle } = openWorld();
  channel.watch();
  await settle();
  server.send('bob', { text: 'unread' });
  await settle();
  expect(channel.unread.get()).toMatchObject({ count: 1, readSeq: 0 });
  server.viewer = { ...server.viewer, readSeq: 1 };
  server.append({ __typename: 'MembersAdded', members: [member('ada')], memberCount: 2 });
  await settle();
  expect(channel.unread.get()).toMatchObject({ count: 0, readSeq: 1 });
});

test('a deleted channel is closed and no longer followed', async () => {
  const { server, channel, network, settle } = openWorld();
  channel.watch();
  await settle();
  server.append({ __typename: 'ChannelDeleted' });
  await settle();
  expect(channel.state.get().status).toBe('closed');
  expect(network.openStreams('ChannelEvents')).toHaveLength(0);
});

test('watching twice follows once, and the last one out stops it', async () => {
  const { server, channel, settle } = openWorld();
  const first = channel.watch();
  const second = channel.watch();
  await settle();
  expect(server.followers).toHaveLength(1);
  first();
  first();
  await settle();
  expect(server.followers).toHaveLength(1);
  second();
  await settle();
  expect(server.followers).toHaveLength(0);
  expect(channel.state.get().status).toBe('idle');
});

test('mounted, unmounted and mounted again asks for one snapshot', async () => {
  const { server, channel, network, settle } = openWorld();
  channel.watch()();
  channel.watch();
  await settle();
  expect(network.named('Channel')).toHaveLength(1);
  expect(server.followers).toHaveLength(1);
  expect(channel.state.get().status).toBe('live');
});

test('coming back soon resumes, coming back late loads anew', async () => {
  const { server, channel, network, clock, settle, texts } = openWorld();
  const unwatch = channel.watch();
  await settle();
  unwatch();
  server.send('bob', { text: 'meanwhile' });
  const again = channel.watch();
  await settle();
  expect(texts()).toEqual(['meanwhile']);
  expect(network.named('Channel')).toHaveLength(1);
  again();
  await clock.advanceAsync(61_000);
  channel.watch();
  await settle();
  expect(network.named('Channel')).toHaveLength(2);
});

test('a new membership brings the viewer new capabilities', async () => {
  const { server, channel, settle } = openWorld();
  channel.watch();
  await settle();
  server.viewer = { ...server.viewer, capabilities: ['read-channel', 'delete-channel'] };
  server.append({
    __typename: 'MembersAdded',
    members: [member('ada', 'owner'), member('eve')],
    memberCount: 3,
    actor: user('bob'),
  });
  await settle();
  expect(channel.state.get()).toMatchObject({
    capabilities: ['read-channel', 'delete-channel'],
    data: { memberCount: 3 },
  });
  expect(channel.members.get().map((one) => one.user.id)).toEqual(['ada', 'bob', 'eve']);
});

test('waiting for a channel that nobody watches says what to do', async () => {
  const { channel } = openWorld();
  await expect(channel.ready()).rejects.toThrow(/call watch\(\)/);
});
