import { expect, test } from 'vitest';
import { at, FakeChannel, user } from '../../test/fake-channel.ts';
import { createWorld } from '../../test/world.ts';

async function liveWorld() {
  const world = createWorld();
  const server = new FakeChannel(world.network);
  const channel = world.client.channel(server.id);
  channel.watch();
  await world.settle();
  const said = () => world.network.named('setTyping').map(({ variables }) => variables['input']);
  const types = (id: string, typing = true, parentId: string | null = null) =>
    server.publish({ __typename: 'TypingChanged', user: user(id), typing, parentId, channelId: server.id, at });
  const typists = () => channel.typing.get().map(({ id }) => id);
  return { ...world, server, channel, said, types, typists };
}

test('others who type are shown until they stop, send, or fall silent for 7 s', async () => {
  const { types, typists, server, clock, settle } = await liveWorld();
  for (const id of ['bob', 'eve', 'joe', 'ada']) types(id);
  types('kim', true, 'thread');
  await settle();
  expect(typists()).toEqual(['bob', 'eve', 'joe']);
  types('bob', false);
  server.send('eve', { text: 'done' });
  await settle();
  expect(typists()).toEqual(['joe']);
  await clock.advanceAsync(6_999);
  expect(typists()).toEqual(['joe']);
  await clock.advanceAsync(1);
  expect(typists()).toEqual([]);
});

test('keystrokes are sent at most every 2.5 s, and the end 5 s after the last', async () => {
  const { channel, said, clock } = await liveWorld();
  for (let key = 0; key < 30; key += 1) {
    channel.keystroke();
    await clock.advanceAsync(100);
  }
  expect(said()).toHaveLength(2);
  await clock.advanceAsync(4_900);
  expect(said()).toEqual([
    { channelId: 'messaging:general', typing: true, parentId: null },
    { channelId: 'messaging:general', typing: true, parentId: null },
    { channelId: 'messaging:general', typing: false, parentId: null },
  ]);
});

test('sending ends typing, and stopping twice is sent once', async () => {
  const { channel, said, settle } = await liveWorld();
  channel.keystroke();
  await channel.send('hello');
  channel.stopTyping();
  await settle();
  expect(said().map((input) => (input as { typing: boolean }).typing)).toEqual([true, false]);
});

test('moving to a thread ends typing in the channel', async () => {
  const { channel, said, settle } = await liveWorld();
  channel.keystroke();
  channel.keystroke('thread');
  await settle();
  expect(said()).toMatchObject([
    { typing: true, parentId: null },
    { typing: false, parentId: null },
    { typing: true, parentId: 'thread' },
  ]);
});

test('nobody is shown as typing once the connection is lost', async () => {
  const { types, typists, network, settle } = await liveWorld();
  types('bob');
  await settle();
  network.socket.drop();
  expect(typists()).toEqual([]);
});

test('disconnecting ends typing without a word', async () => {
  const { channel, client, said, settle } = await liveWorld();
  channel.keystroke();
  await settle();
  client.disconnect();
  await settle();
  expect(said()).toHaveLength(1);
});
