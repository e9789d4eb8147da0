import { expect, test } from 'vitest';
import { at } from '../../test/fake-channel.ts';
import { longChannel } from '../../test/long-channel.ts';

/** Ada has opened a channel at the first of 300 unread messages, and follows no inbox. */
async function openedInTheMiddle() {
  const world = await longChannel({ messages: 320, read: 20 });
  const { server, network, channel } = world;
  /** What the server knows from here on. */
  const read = (readSeq: number) => {
    const unread = server.messages.filter(({ seq }) => seq > readSeq).length;
    server.viewer = { ...server.viewer, readSeq, unreadCount: unread, unreadMentions: 1 };
  };
  const readElsewhere = (readSeq: number) => {
    read(readSeq);
    server.publish({ __typename: 'ReadAdvanced', userId: 'ada', readSeq, channelId: server.id, at });
  };
  network.handlers.set('markRead', ({ variables }) => {
    const { seq } = variables['input'] as { seq: number };
    read(seq);
    return { markRead: { readSeq: seq, unreadCount: server.viewer.unreadCount } };
  });
  const asked = () => network.named('ChannelViewer').length;
  /** Answers are made when they are asked for, and travel when the test says so. */
  const held: (() => void)[] = [];
  const hold = () =>
    network.handlers.set('ChannelViewer', () => {
      const channelNow = { seq: server.head, viewer: server.viewer };
      return new Promise((resolve) => held.push(() => resolve({ channel: channelNow })));
    });
  return { ...world, readElsewhere, asked, hold, held, unread: channel.unread.get };
}

test('what is loaded is counted, without asking', async () => {
  const { channel, clock, asked, unread, readElsewhere } = await openedInTheMiddle();
  await channel.markRead(30);
  expect(unread()).toMatchObject({ count: 290, readSeq: 30 });
  readElsewhere(40);
  await clock.advanceAsync(1_000);
  expect(unread()).toMatchObject({ count: 280, readSeq: 40 });
  expect(asked()).toBe(0);
});

test('the number follows a read beyond what is loaded', async () => {
  const { channel, clock, asked, unread } = await openedInTheMiddle();
  await channel.markRead(200);
  await clock.advanceAsync(1_000);
  expect(unread()).toEqual({ count: 120, mentions: 1, readSeq: 200 });
  expect(asked()).toBe(1);
});

test('the number follows a read in what is loaded, when what is before it is not', async () => {
  const { server, channel, clock, unread } = await openedInTheMiddle();
  await channel.messages.loadAround(server.messages[149]?.id ?? '');
  await channel.markRead(150);
  await clock.advanceAsync(1_000);
  expect(unread()).toMatchObject({ count: 170, readSeq: 150 });
});

test('the number follows reads on another device, asked for once for those of a moment', async () => {
  const { clock, asked, unread, readElsewhere } = await openedInTheMiddle();
  for (const readSeq of [150, 200, 250]) readElsewhere(readSeq);
  await clock.advanceAsync(1_000);
  expect(unread()).toMatchObject({ count: 70, readSeq: 250 });
  expect(asked()).toBe(1);
});

test('an answer from before a read does not count, also where it is the first', async () => {
  const { clock, asked, unread, readElsewhere, hold, held, settle } = await openedInTheMiddle();
  hold();
  readElsewhere(150);
  await clock.advanceAsync(1_000);
  readElsewhere(250);
  held[0]?.();
  await settle();
  expect(unread()).toMatchObject({ count: 300, readSeq: 250 });
  await clock.advanceAsync(1_000);
  held[1]?.();
  await settle();
  expect(unread()).toMatchObject({ count: 70, readSeq: 250 });
  expect(asked()).toBe(2);
});

test('an answer that was overtaken by a newer one does not replace it', async () => {
  const { clock, unread, readElsewhere, hold, held, settle } = await openedInTheMiddle();
  hold();
  for (const readSeq of [150, 250]) {
    readElsewhere(readSeq);
    await clock.advanceAsync(1_000);
  }
  held[1]?.();
  await settle();
  held[0]?.();
  await clock.advanceAsync(1_000);
  expect(unread()).toMatchObject({ count: 70, readSeq: 250 });
});

test('an answer from before a message is asked for again', async () => {
  const { server, clock, asked, unread, readElsewhere, hold, held, settle } = await openedInTheMiddle();
  hold();
  readElsewhere(200);
  await clock.advanceAsync(1_000);
  server.send('bob', { text: 'meanwhile' });
  await settle();
  readElsewhere(200);
  held[0]?.();
  await clock.advanceAsync(1_000);
  held[1]?.();
  await settle();
  expect(unread()).toMatchObject({ count: 121, readSeq: 200 });
  expect(asked()).toBe(2);
});

test('an answer that is ahead of the events counts once those are here', async () => {
  const { server, clock, unread, readElsewhere, settle } = await openedInTheMiddle();
  server.send('bob', { text: 'on its way' }, false);
  readElsewhere(200);
  await clock.advanceAsync(1_000);
  for (const event of server.log.slice(-1)) server.publish(event);
  await settle();
  expect(unread()).toMatchObject({ count: 121, readSeq: 200 });
});

test('where the answer was lost, it is asked for again with the next connection', async () => {
  const { network, clock, unread, readElsewhere, settle } = await openedInTheMiddle();
  const answer = network.handlers.get('ChannelViewer');
  network.handlers.set('ChannelViewer', () => Promise.reject(new Error('the database is away')));
  readElsewhere(200);
  await clock.advanceAsync(1_000);
  expect(unread()).toMatchObject({ count: 300, readSeq: 200 });
  if (answer !== undefined) network.handlers.set('ChannelViewer', answer);
  network.socket.drop();
  await clock.advanceAsync(30_000);
  await settle();
  expect(unread()).toMatchObject({ count: 120, readSeq: 200 });
});

test('a number of the inbox that was overtaken by an answer does not replace it', async () => {
  const { client, network, server, clock, unread, readElsewhere, settle } = await openedInTheMiddle();
  network.handlers.set('Unread', () => ({ unread: { totalUnread: 0, unreadChannels: 0 } }));
  client.inbox.watch();
  readElsewhere(200);
  await clock.advanceAsync(1_000);
  const late = { channelId: server.id, seq: 320, unreadCount: 287, unreadMentions: 0, lastMessage: null };
  for (const stream of network.openStreams('Inbox'))
    stream.next({ inbox: { __typename: 'ChannelBumped', at, cursor: 'c1', ...late } });
  await settle();
  expect(unread()).toMatchObject({ count: 120, readSeq: 200 });
});

test('a client that disconnects asks for nothing more, and makes up for it when it is back', async () => {
  const { client, clock, asked, unread, readElsewhere, settle } = await openedInTheMiddle();
  readElsewhere(200);
  client.disconnect();
  await clock.advanceAsync(1_000);
  expect(asked()).toBe(0);
  client.connect().catch(() => {});
  await settle();
  await clock.advanceAsync(1_000);
  expect(unread()).toMatchObject({ count: 120, readSeq: 200 });
});
