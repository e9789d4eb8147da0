import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { created, typing } from '../../test/events.ts';
import { tokenOf } from '../../test/fake-api.ts';
import { startWorld, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';

test('a user has so many sockets and no more; closing one makes room', async () => {
  const world = await startWorld({ limits: { socketsPerUser: 2 } });
  const first = await world.connect('ada');
  await world.connect('ada');
  const third = await world.raw().opened();
  third.send({ type: 'connection_init', payload: { token: tokenOf({ userId: 'ada' }) } });
  expect(await third.closed).toMatchObject({ code: 4430, reason: expect.stringContaining('2 connections') });
  await world.connect('bob');
  await first.close();
  await expect.poll(() => world.fanout.stats().sessions).toBe(2);
  await world.connect('ada');
});

test('a socket runs so many operations; one more is refused with the limit, completing one makes room', async () => {
  const world = await startWorld({ limits: { subscriptionsPerSocket: 3 } });
  const client = await world.connect('ada');
  for (const id of ['1', '2', '3', '4']) client.subscribe(id, watchChannel, { channelId: general });
  expect(await client.failure('4')).toMatchObject({ extensions: { code: 'rate_limited', limit: 3 } });
  client.complete('1');
  client.subscribe('5', watchChannel, { channelId: general });
  await client.synced('5');
});

test('a user starts so many operations a second over all sockets; one more is refused with the limit and when to come again', async () => {
  const world = await startWorld({
    clock: fakeClock(Date.now()),
    limits: { operationsPerUserPerSecond: 5, subscriptionsPerUser: 5 },
  });
  const clients = [await world.connect('ada'), await world.connect('ada')];
  const bob = await world.connect('bob');
  for (let n = 0; n < 3; n += 1) for (const client of clients) client.subscribe(`${n}`, '{ me { id } }');
  bob.subscribe('1', '{ me { id } }');
  const ended = () => clients.flatMap(({ frames }) => frames.filter(({ type }) => type === 'complete'));
  const failed = () => clients.flatMap(({ frames }) => frames.filter(({ type }) => type === 'error'));
  await expect.poll(() => [ended().length, failed().length]).toEqual([5, 1]);
  expect(failed()[0]?.payload?.[0]).toMatchObject({
    extensions: { code: 'rate_limited', limit: 5, retryable: true, retryAfterMs: 200 },
  });
  await bob.heard(({ type }) => type === 'complete');
});

test('a client that comes back may resume all its subscriptions at once, and is refused when it goes on at that rate', async () => {
  const world = await startWorld({
    clock: fakeClock(Date.now()),
    limits: { operationsPerUserPerSecond: 5, subscriptionsPerUser: 8 },
  });
  const client = await world.connect('ada');
  const resume = (round: number) => {
    for (let n = 0; n < 8; n += 1) client.subscribe(`${round} ${n}`, watchChannel, { channelId: `messaging:${n}` });
  };
  resume(1);
  for (let n = 0; n < 8; n += 1) await client.synced(`1 ${n}`);
  for (let n = 0; n < 8; n += 1) client.complete(`1 ${n}`);
  resume(2);
  expect(await client.failure('2 7')).toMatchObject({ extensions: { code: 'rate_limited', limit: 5 } });
});

test('closing all sockets and coming back does not begin the rates anew', async () => {
  const clock = fakeClock(Date.now());
  const world = await startWorld({ clock, limits: { operationsPerUserPerSecond: 1, subscriptionsPerUser: 2 } });
  const first = await world.connect('ada');
  for (const id of ['1', '2']) first.subscribe(id, '{ me { id } }');
  await first.heard(({ type, id }) => type === 'complete' && id === '2');
  await first.close();
  await expect.poll(() => world.fanout.stats().users).toBe(0);
  const second = await world.connect('ada');
  second.subscribe('3', '{ me { id } }');
  expect(await second.failure('3')).toMatchObject({ extensions: { code: 'rate_limited' } });
  await second.close();
  await expect.poll(() => world.fanout.stats().users).toBe(0);
  expect(world.fanout.stats().restingUsers).toBe(1);
  clock.advance(20_000);
  expect(world.fanout.stats().restingUsers).toBe(0);
});

test('a flood of other frames is cut too, the sockets of a user counted together', async () => {
  const world = await startWorld({
    clock: fakeClock(Date.now()),
    limits: { operationsPerUserPerSecond: 5, subscriptionsPerUser: 5 },
  });
  const clients = [await world.connect('ada'), await world.connect('ada')];
  const bob = await world.connect('bob');
  for (let n = 0; n < 20; n += 1) for (const client of clients) client.send({ type: 'ping' });
  const { code, reason } = await Promise.race(clients.map(({ closed }) => closed));
  expect({ code, reason }).toEqual({
    code: 4430,
    reason: 'unable to go on; over 20 frames of this user a second: slow down',
  });
  bob.send({ type: 'ping' });
  await bob.heard(({ type }) => type === 'pong');
});

test('a user sends so many bytes a second, over all sockets', async () => {
  const world = await startWorld({
    clock: fakeClock(Date.now()),
    limits: { inboundBytesPerUserPerSecond: 1_000 },
  });
  const clients = [await world.connect('ada'), await world.connect('ada')];
  for (const client of clients) client.send({ type: 'ping', payload: { text: 'x'.repeat(5_000) } });
  const { code, reason } = await Promise.race(clients.map(({ closed }) => closed));
  expect(code).toBe(4430);
  expect(reason).toContain('over 1000 bytes of this user a second');
});

test('a stranger says little: large frames and many of them end the socket', async () => {
  const world = await startWorld();
  const [large, many] = [await world.raw().opened(), await world.raw().opened()];
  large.send({ type: 'ping', payload: { text: 'x'.repeat(20_000) } });
  expect(await large.closed).toMatchObject({ code: 4430, reason: expect.stringContaining('over 16384 bytes') });
  for (let n = 0; n < 30; n += 1) many.send({ type: 'ping' });
  expect(await many.closed).toMatchObject({ code: 4430, reason: expect.stringContaining('over 20 frames') });
});

test('a socket that does not read loses ephemeral events first, then is closed with 4431; others notice nothing', {
  timeout: 30_000,
}, async () => {
  const world = await startWorld({ limits: { socketBufferedBytes: 1024 * 1024 } });
  const channel = world.api.channel(general);
  const slow = await world.connect('slow');
  const quick = await world.connect('quick');
  for (const client of [slow, quick]) {
    client.subscribe('1', watchChannel, { channelId: general });
    await client.synced('1');
  }
  slow.socket.pause();
  const text = 'x'.repeat(9_000);
  let sent = 0;
  const sendUntil = async (isEnough: () => boolean) => {
    for (; !isEnough() && sent < 5_000; sent += 1) {
      channel.append(created(general, text));
      channel.publish([typing(general, 'bob')]);
      if (sent % 10 === 9) await expect.poll(() => quick.seqs('1').length).toBe(sent + 1);
    }
  };
  await sendUntil(() => world.fanout.stats().droppedEphemeral > 0);
  expect(world.fanout.stats()).toMatchObject({ slowConsumers: 0, sessions: 2 });
  await sendUntil(() => world.fanout.stats().slowConsumers > 0);
  expect(world.fanout.stats()).toMatchObject({ slowConsumers: 1, sessions: 1 });
  slow.socket.resume();
  expect(await slow.closed).toMatchObject({ code: 4431 });
  const typingSeen = (client: typeof slow) =>
    client.events('1').filter(({ __typename }) => __typename === 'TypingChanged').length;
  await expect.poll(() => quick.seqs('1').length).toBe(sent);
  await expect.poll(() => typingSeen(quick)).toBe(sent);
  const seen = slow.seqs('1').map(Number);
  expect(seen).toEqual(seen.map((_, index) => index + 1));

  const again = await world.connect('slow');
  again.subscribe('1', watchChannel, { channelId: general, after: seen.at(-1) });
  await expect.poll(() => seen.length + again.seqs('1').length, { timeout: 20_000 }).toBe(sent);
});

test('a peer that gives no sign of life for two turns is let go; one that answers pings stays', async () => {
  const clock = fakeClock(Date.now());
  const world = await startWorld({ clock });
  const dead = await world.connect('ada');
  const alive = await world.connect('bob');
  dead.socket.pause();
  for (let turn = 0; turn < 3; turn += 1) {
    const pinged = new Promise((resolve) => alive.socket.once('ping', resolve));
    clock.advance(25_000);
    await pinged;
    // The server has read the answer once it answers what was said after it.
    const marks = alive.frames.length;
    alive.send({ type: 'ping' });
    await expect.poll(() => alive.frames.length).toBe(marks + 1);
  }
  await expect.poll(() => world.fanout.stats().sessions).toBe(1);
  expect(alive.socket.readyState).toBe(alive.socket.OPEN);
});
