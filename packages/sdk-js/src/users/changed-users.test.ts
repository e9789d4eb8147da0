import type { User } from '@parley/contracts';
import { buildReaction } from '@parley/testkit/builders';
import { expect, test } from 'vitest';
import { at, FakeChannel, member, message, user } from '../../test/fake-channel.ts';
import { listWorld, row } from '../../test/list-world.ts';
import { createWorld } from '../../test/world.ts';

const later = '2030-01-01T00:00:00.000Z';
const robert = user('bob', { name: 'Robert', image: 'https://a.example/r.png', updatedAt: later });

/** A channel in which bob shows wherever a user can. */
async function openWorld() {
  const world = createWorld();
  const server = new FakeChannel(world.network);
  const quoted = message(1, { id: 'one', text: 'quoted' });
  server.send('bob', { text: 'quoted' });
  server.messages.push(
    message(2, { user: user('ada'), mentionedUsers: [user('bob')], quoted }),
    message(3, { user: user('ada'), ownReactions: [buildReaction({ user: user('ada') })] }),
  );
  const channel = world.client.channel(server.id);
  channel.watch();
  await world.settle();
  server.publish({
    __typename: 'TypingChanged',
    channelId: server.id,
    at,
    user: user('bob'),
    parentId: null,
    typing: true,
  });
  await world.settle();
  const publish = async (changed: User) => {
    server.publish({ __typename: 'UserUpdated', channelId: server.id, at, user: changed });
    await world.settle();
  };
  return { ...world, server, channel, publish };
}

test('a new name shows in messages, quotes and mentions, among members and those who type', async () => {
  const { channel, publish } = await openWorld();
  await publish(robert);
  const [first, second] = channel.messages.get().items;
  expect(first?.user).toEqual(robert);
  expect([second?.quoted?.user, second?.mentionedUsers]).toEqual([robert, [robert]]);
  expect(channel.members.get().map((one) => one.user.name)).toContain('Robert');
  expect(channel.typing.get()).toEqual([robert]);
});

test('what shows nothing of the user stays the same object, and so does all of it the second time', async () => {
  const { channel, publish } = await openWorld();
  const before = channel.messages.get().items;
  await publish(robert);
  const after = channel.messages.get();
  expect([before[2] === after.items[2], before[0] === after.items[0]]).toEqual([true, false]);
  await publish(robert);
  await publish(user('bob', { name: 'An older name' }));
  await publish(user('joe', { updatedAt: later }));
  expect(channel.messages.get()).toBe(after);
});

test('the name of the creator and of the own membership follow too', async () => {
  const { channel, publish } = await openWorld();
  const ada = user('ada', { name: 'Ada L.', updatedAt: later });
  await publish(ada);
  expect(channel.state.get().membership).toEqual({ ...member('ada', 'owner'), user: ada });
});

test('the viewer hears of what another tab changed, by the channel or by the inbox', async () => {
  const { client, network, publish, settle } = await openWorld();
  await publish(user('ada', { name: 'By the channel', updatedAt: later }));
  expect(client.me.get()?.name).toBe('By the channel');
  network.handlers.set('Unread', () => ({ unread: { totalUnread: 0, unreadChannels: 0 } }));
  client.inbox.watch();
  await settle();
  const newest = user('ada', { name: 'By the inbox', updatedAt: '2031-01-01T00:00:00.000Z' });
  for (const stream of network.openStreams('Inbox'))
    stream.next({ inbox: { __typename: 'InboxUserUpdated', at, cursor: 'c1', user: newest } });
  await settle();
  expect(client.me.get()).toEqual(newest);
});

test('a list of channels shows the new name without asking', async () => {
  const { list, publish, bump, settle, asked } = await listWorld([row('a', 1), row('b', 2, { members: ['ada'] })]);
  bump('a', 11, 5);
  await settle();
  const [before, count] = [list.get().items, asked()];
  publish({ __typename: 'InboxUserUpdated', user: robert });
  await settle();
  const item = (id: string) => list.get().items.find((one) => one.id === `messaging:${id}`);
  expect(item('a')).toMatchObject({ members: [{}, { user: robert }], lastMessage: { user: robert } });
  expect(before).toContain(item('b'));
  expect(asked()).toBe(count);
});
