import { expect, test } from 'vitest';
import { FakeChannel } from '../test/fake-channel.ts';
import { createWorld, tokenOf } from '../test/world.ts';

test('a message that somebody sends appears, and one that is sent is confirmed', async () => {
  const { client, network, settle } = createWorld();
  const server = new FakeChannel(network);
  server.send('bob', { text: 'hello' });
  const channel = client.channel(server.id);
  const unwatch = channel.watch();
  await settle();
  expect(channel.state.get().status).toBe('live');
  expect(channel.messages.get().items.map(({ text }) => text)).toEqual(['hello']);

  server.send('bob', { text: 'are you there?' });
  await settle();
  const sending = channel.send('yes');
  expect(channel.messages.get().items.at(-1)).toMatchObject({ text: 'yes', status: 'sending', seq: 0 });
  const sent = await sending;
  await settle();
  expect(sent).toMatchObject({ text: 'yes', seq: 3 });
  expect(channel.messages.get().items.map(({ text, status }) => [text, status])).toEqual([
    ['hello', 'sent'],
    ['are you there?', 'sent'],
    ['yes', 'sent'],
  ]);
  unwatch();
});

test('the same id gives the same handle, and a wrong one says what is wrong', () => {
  const { client } = createWorld();
  expect(client.channel('messaging:general')).toBe(client.channel('messaging:general'));
  expect(() => client.channel('general')).toThrow(/type:key/);
});

test('who the viewer is, is known from the token and then loaded', async () => {
  const { client, network, settle } = createWorld({ token: tokenOf({ sub: 'ada' }) });
  new FakeChannel(network);
  expect(client.userId).toBeNull();
  await client.connect();
  expect(client.userId).toBe('ada');
  await settle();
  expect(client.me.get()).toMatchObject({ id: 'ada', name: 'ada' });
});
