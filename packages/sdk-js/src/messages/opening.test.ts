import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { FakeChannel } from '../../test/fake-channel.ts';
import { longChannel } from '../../test/long-channel.ts';

test('a channel with more unread than a page opens around the first unread message', async () => {
  const { channel, pages, shown, texts } = await longChannel({ messages: 200, read: 80 });
  expect(shown()).toEqual({ from: '56', to: '105', hasOlder: true, hasNewer: true });
  expect(texts()).toContain('81');
  expect(pages()).toEqual([{ id: channel.id, aroundSeq: 81, last: 50 }]);
  expect(channel.unread.get()).toMatchObject({ count: 120, readSeq: 80 });
});

test.each([
  ['everything is read', 200, 200],
  ['what is unread is on the newest page', 200, 175],
  ['the first unread message begins the newest page', 200, 170],
  ['all there is is on the newest page', 20, 0],
])('where %s, it opens at the newest message by one request', async (_case, messages, read) => {
  const { network, pages, shown } = await longChannel({ messages, read });
  expect(shown()).toMatchObject({ to: `${messages}`, hasNewer: false });
  expect([network.named('Channel').length, pages()]).toEqual([1, []]);
});

test('a program that reads nothing can always begin at the newest message', async () => {
  const { server, settle, shown, texts } = await longChannel({ messages: 200, read: 80, openAt: 'newest' });
  expect(shown()).toMatchObject({ from: '171', to: '200', hasNewer: false });
  server.send('bob', { text: 'next' });
  await settle();
  expect(texts().at(-1)).toBe('next');
});

test('where reading stopped at what was deleted for good, it opens with what came next', async () => {
  const world = await longChannel({ messages: 200, read: 80 });
  const { server, channel, clock, network, settle, texts } = world;
  for (const gone of server.messages.slice(80, 83)) server.erase(gone);
  await settle();
  expect(texts()).not.toContain('81');
  // A snapshot, because the log no longer reaches back.
  server.epoch = 'two';
  network.socket.drop();
  await clock.advanceAsync(1_000);
  expect(channel.state.get().status).toBe('live');
  expect(texts().at(25)).toBe('84');
});

test('a channel whose unread messages may not be read does not open, and says why', async () => {
  const { network, client, clock } = await longChannel({ messages: 1 });
  const server = new FakeChannel(network);
  for (let number = 1; number <= 40; number += 1) server.send('bob', { text: `${number}` });
  server.viewer = { ...server.viewer, unreadCount: 40 };
  network.handlers.set('Messages', () => {
    throw new ParleyError('forbidden', 'unable to read messages; you left');
  });
  const channel = client.channel('messaging:other');
  channel.watch();
  await clock.advanceAsync(0);
  expect(channel.state.get()).toMatchObject({ status: 'failed', error: { code: 'forbidden' } });
});

test('reading on from the first unread message counts down what was come past', async () => {
  const { channel, network } = await longChannel({ messages: 200, read: 80 });
  network.handlers.set('markRead', ({ variables }) => {
    const { seq } = variables['input'] as { seq: number };
    return { markRead: { readSeq: seq, unreadCount: 200 - seq } };
  });
  await channel.markRead(90);
  expect(channel.unread.get()).toMatchObject({ count: 110, readSeq: 90 });
  await channel.markRead(105);
  expect(channel.unread.get()).toMatchObject({ count: 95, readSeq: 105 });
});

test('whoever has looked at old messages and comes back to the channel soon finds it open where reading stopped', async () => {
  const { channel, server, network, settle, shown, leave } = await longChannel({ messages: 600 });
  await channel.messages.loadAround(server.messages[99]?.id ?? '');
  leave();
  channel.watch();
  await settle();
  expect(shown()).toMatchObject({ to: '600', hasNewer: false });
  // From the end it goes on where it was.
  expect(network.named('Channel')).toHaveLength(2);
});
