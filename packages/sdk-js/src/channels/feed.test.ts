import { expect, test } from 'vitest';
import { at, message } from '../../test/fake-channel.ts';
import { openWorld } from '../../test/feed-world.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('what was missed comes in order and once, wherever the connection breaks', async () => {
  for (const cut of [0, 1, 7, 19, 20]) {
    const { server, channel, network, clock, settle, seen, client } = openWorld();
    channel.watch();
    await settle();
    for (const number of numbers(20)) {
      if (number === cut + 1) network.socket.drop();
      server.send('bob', { text: `${number}` });
    }
    await clock.advanceAsync(1_000);
    expect(channel.state.get().status).toBe('live');
    expect(seen).toEqual(numbers(20));
    client.disconnect();
  }
});

test('what happens between the snapshot and the events is not lost', async () => {
  const { server, channel, network, settle, seen, texts } = openWorld();
  server.send('bob', { text: '1' });
  network.handlers.set('Channel', () => {
    const snapshot = server.snapshot();
    server.send('bob', { text: '2' });
    return snapshot;
  });
  channel.watch();
  await settle();
  expect(seen).toEqual([2]);
  expect(texts()).toEqual(['1', '2']);
});

test('a repeated event is applied once, an early one waits for its turn', async () => {
  const { server, channel, settle, seen } = openWorld();
  channel.watch();
  await settle();
  const first = server.append({ __typename: 'MessageCreated', message: message(1) }, false);
  const second = server.append({ __typename: 'MessageCreated', message: message(2) }, false);
  server.publish(second);
  await settle();
  expect(seen).toEqual([]);
  for (const event of [first, second, first]) server.publish(event);
  await settle();
  expect(seen).toEqual([1, 2]);
  expect(server.followers).toHaveLength(1);
});

test('a hole that stays is read again from the log', async () => {
  const { server, channel, clock, settle, seen } = openWorld();
  channel.watch();
  await settle();
  server.send('bob', { text: 'lost on its way' }, false);
  server.send('bob', { text: 'arrives' });
  await settle();
  expect(seen).toEqual([]);
  await clock.advanceAsync(200);
  expect(seen).toEqual([1, 2]);
  expect(channel.state.get().status).toBe('live');
  expect(server.followers.map(({ variables }) => variables['after'])).toEqual([0]);
});

test('a lost last event is noticed when the server says how far it is', async () => {
  const { server, channel, clock, settle, seen } = openWorld();
  channel.watch();
  await settle();
  server.send('bob', { text: 'lost on its way' }, false);
  server.publish({ __typename: 'ChannelSynced', seq: 1, epoch: 'one', reads: [], channelId: server.id, at });
  await clock.advanceAsync(200);
  expect(seen).toEqual([1]);
});

test('holes that come back lead to a new snapshot', async () => {
  const { server, channel, network, clock, settle, texts } = openWorld();
  channel.watch();
  await settle();
  network.onStream.set('ChannelEvents', (stream) => {
    stream.next({
      channelEvents: {
        __typename: 'ChannelSynced',
        seq: server.head,
        epoch: 'one',
        reads: [],
        channelId: server.id,
        at,
      },
    });
  });
  server.send('bob', { text: 'one' }, false);
  server.send('bob', { text: 'two' });
  await clock.advanceAsync(2_000);
  expect(texts()).toEqual(['one', 'two']);
  expect(network.named('Channel')).toHaveLength(2);
});

test('when the log no longer reaches back, a new snapshot takes its place', async () => {
  const { server, channel, network, clock, settle, texts } = openWorld();
  server.send('bob', { text: 'old' });
  channel.watch();
  await settle();
  network.socket.drop();
  server.messages = [message(500, { text: 'new' })];
  server.log.length = 0;
  server.floor = 500;
  network.handlers.set('Channel', async () => {
    const snapshot = server.snapshot();
    server.send('bob', { text: 'newest' });
    return snapshot;
  });
  await clock.advanceAsync(1_000);
  expect(channel.state.get().status).toBe('live');
  expect(texts()).toEqual(['new', 'newest']);
});

test('a log that was set back is loaded anew: nothing of before stays, and lower positions count', async () => {
  const { server, channel, clock, settle, texts } = openWorld();
  for (const text of ['one', 'two', 'lost', 'lost too']) server.send('bob', { text });
  channel.watch();
  await settle();
  expect(texts()).toEqual(['one', 'two', 'lost', 'lost too']);
  server.log.length = 2;
  server.messages.length = 2;
  server.epoch = 'two';
  server.send('bob', { text: 'other' }, false);
  server.publish({ __typename: 'ChannelReset', seq: 3, epoch: 'two', channelId: server.id, at });
  server.send('bob', { text: 'while the snapshot is loaded' });
  await settle();
  expect(texts()).toEqual(['one', 'two', 'other', 'while the snapshot is loaded']);
  server.send('bob', { text: 'next' });
  await clock.advanceAsync(1_000);
  expect(texts().at(-1)).toBe('next');
  expect(channel.state.get()).toMatchObject({ status: 'live' });
});

test('who was away while a log was set back and grew further resumes with the epoch it knows, and has no phantoms', async () => {
  const { server, channel, network, clock, settle, texts } = openWorld();
  for (const text of ['one', 'lost', 'lost too']) server.send('bob', { text });
  channel.watch();
  await settle();
  network.socket.drop();
  server.log.length = 1;
  server.messages.length = 1;
  server.epoch = 'two';
  for (const text of ['a', 'b', 'c', 'd']) server.send('bob', { text });
  await clock.advanceAsync(2_000);
  expect(texts()).toEqual(['one', 'a', 'b', 'c', 'd']);
  expect(channel.state.get().status).toBe('live');
  expect(server.followers.map(({ variables }) => [variables['after'], variables['epoch']])).toEqual([[3, 'one']]);
});

test('a snapshot of the epoch that is over is not taken for the new one', async () => {
  const { server, channel, network, clock, settle, texts } = openWorld();
  for (const text of ['one', 'lost', 'lost too']) server.send('bob', { text });
  const old = server.snapshot();
  channel.watch();
  await settle();
  server.log.length = 1;
  server.messages.length = 1;
  server.epoch = 'two';
  for (const text of ['a', 'b', 'c']) server.send('bob', { text }, false);
  let answers = 0;
  network.handlers.set('Channel', () => {
    answers += 1;
    return answers === 1 ? old : server.snapshot();
  });
  server.publish({ __typename: 'ChannelReset', seq: 4, epoch: 'two', channelId: server.id, at });
  await clock.advanceAsync(3_000);
  expect(texts()).toEqual(['one', 'a', 'b', 'c']);
  expect(channel.state.get().status).toBe('live');
});

test('events go on when the server has ended the subscription, also when the connection breaks right after', async () => {
  for (const breaks of [false, true]) {
    const { server, channel, network, clock, settle, seen } = openWorld();
    channel.watch();
    await settle();
    for (const stream of network.openStreams('ChannelEvents')) stream.complete();
    await settle();
    server.send('bob', { text: 'meanwhile' });
    if (breaks) network.socket.drop();
    await clock.advanceAsync(60_000);
    server.send('bob', { text: 'afterwards' });
    await clock.advanceAsync(1_000);
    expect(channel.state.get().status).toBe('live');
    expect(seen).toEqual([1, 2]);
  }
});
