import { ParleyError } from '@parley/contracts';
import { subjects } from '@parley/contracts/bus';
import { fakeClock } from '@parley/testkit';
import { describe, expect, test } from 'vitest';
import { created } from '../../test/events.ts';
import { appId, tokenOf } from '../../test/fake-api.ts';
import type { RawClient } from '../../test/raw-client.ts';
import { startWorld, type World, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';
const at = (ms = Date.now()) => new Date(ms).toISOString();
const inbox = 'subscription { inbox { __typename } }';
const presence = 'subscription { presence(userIds: ["bob"]) { userId } }';
const noMore = () => Promise.reject(new ParleyError('forbidden', 'unable to look; not any more'));

async function watching(world: World, userId: string): Promise<RawClient> {
  const client = await world.connect(userId);
  client.subscribe('1', watchChannel, { channelId: general });
  await client.synced('1');
  return client;
}

const notifyApp = (world: World, time = at()) =>
  world.bus.publish(subjects.app(appId), JSON.stringify({ kind: 'access', at: time }));

describe('when what somebody may see has changed', () => {
  test('their subscription to a channel ends, the socket and everybody else go on', async () => {
    const world = await startWorld();
    const channel = world.api.channel(general);
    const [ada, bob] = [await watching(world, 'ada'), await watching(world, 'bob')];
    channel.readers = new Set(['ada']);
    world.api.notifyUser('bob', { kind: 'access', at: at() });
    expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });
    channel.append(created(general, 'among us'));
    await expect.poll(() => ada.seqs('1')).toEqual([1]);
    expect(bob.seqs('1')).toEqual([]);
    expect(bob.socket.readyState).toBe(bob.socket.OPEN);
  });

  test('a socket whose token was renewed loses no less', async () => {
    const world = await startWorld();
    const bob = await watching(world, 'bob');
    bob.send({ type: 'ping', payload: { token: tokenOf({ userId: 'bob', expiresAt: 4_000_000_000 }) } });
    await bob.heard(({ type }) => type === 'pong');
    world.api.channel(general).readers = new Set();
    world.api.notifyUser('bob', { kind: 'access', at: at() });
    expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });
  });

  test('an event stream ends with the reason', async () => {
    const world = await startWorld();
    const response = await fetch(world.httpUrl, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${tokenOf({ userId: 'bob' })}`,
      },
      body: JSON.stringify({ query: watchChannel, variables: { channelId: general } }),
    });
    world.api.channel(general).readers = new Set();
    world.api.notifyUser('bob', { kind: 'access', at: at() });
    expect(await response.text()).toMatch(/"code":"forbidden".*event: complete/s);
  });

  test.each([
    ['an inbox', inbox, 'inbox.open'],
    ['presence', presence, 'presence.read'],
  ] as const)('%s is asked for again, and ends when that is refused', async (_name, query, method) => {
    const world = await startWorld();
    const bob = await world.connect('bob');
    bob.subscribe('1', query);
    await expect.poll(() => world.api.count(method)).toBe(1);
    world.api.before.set(method, noMore);
    world.api.notifyUser('bob', { kind: 'access', at: at() });
    expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });
  });

  test('of a whole app, every session of it is judged anew', async () => {
    const world = await startWorld();
    const token = tokenOf({ userId: 'ada' });
    const ada = await world.raw().init(token);
    const bob = await watching(world, 'bob');
    world.api.revoked.add(token);
    await notifyApp(world);
    expect(await ada.closed).toMatchObject({ code: 4403 });
    expect(bob.socket.readyState).toBe(bob.socket.OPEN);
  });

  test('and several notices come, it is asked about once', async () => {
    const world = await startWorld();
    await watching(world, 'bob');
    const time = at();
    for (let n = 0; n < 3; n += 1) world.api.notifyUser('bob', { kind: 'access', at: time });
    await notifyApp(world, time);
    await expect.poll(() => world.api.count('channel.authorize')).toBe(2);
    world.api.notifyUser('bob', { kind: 'access', at: at(Date.parse(time) + 1) });
    await expect.poll(() => world.api.count('channel.authorize')).toBe(3);
  });

  test('and the notice was lost, it is found out within ten seconds', async () => {
    const clock = fakeClock();
    const world = await startWorld({ clock });
    const bob = await watching(world, 'bob');
    world.api.channel(general).readers = new Set();
    world.api.accessChanges.push({ appId, userId: 'bob', at: at(clock.now()) });
    await clock.advanceAsync(10_000);
    expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });
  });

  test('and the bus was away meanwhile, it is found out when that is back', async () => {
    const world = await startWorld();
    const bob = await watching(world, 'bob');
    world.bus.cut();
    world.api.channel(general).readers = new Set();
    world.api.accessChanges.push({ appId, userId: 'bob', at: at() });
    world.bus.heal();
    expect(await bob.failure('1')).toMatchObject({ extensions: { code: 'forbidden' } });
  });

  test('and nobody can say to what, the session is asked about until somebody can', async () => {
    const clock = fakeClock();
    const world = await startWorld({ clock });
    const token = tokenOf({ userId: 'bob' });
    const bob = await world.raw().init(token);
    await expect.poll(() => world.api.count('session.check')).toBe(1);
    world.api.revoked.add(token);
    world.api.before.set('session.check', () => Promise.reject(new ParleyError('unavailable', 'unable to look')));
    world.api.notifyUser('bob', { kind: 'access', at: at() });
    await expect.poll(() => world.api.count('session.check')).toBe(2);
    world.api.before.clear();
    await expect
      .poll(async () => {
        await clock.advanceAsync(1_000);
        return bob.socket.readyState;
      })
      .toBe(bob.socket.CLOSED);
  });
});

describe('revoking what was issued until now', () => {
  const now = Date.parse('2026-01-01T00:00:10.400Z');
  const seconds = (ms: number) => (now + ms) / 1_000;
  const closes = async (claims: { readonly issuedAt: number; readonly checkedAt: number }) => {
    const world = await startWorld();
    const expiresAt = claims.checkedAt + 3_600;
    const client = await world.raw().init(tokenOf({ userId: 'ada', ...claims, expiresAt }));
    const other = await world.raw().init(tokenOf({ userId: 'ada', issuedAt: 0, expiresAt }));
    world.api.notifyUser('ada', { kind: 'revoked', issuedBefore: at(now) });
    await other.closed;
    return client.socket.readyState !== client.socket.OPEN;
  };

  test.each([
    ['a millisecond before', -1, true],
    ['at the moment', 0, true],
    ['a millisecond after, in the same second', 1, false],
  ])('a token of %s', async (_name, ms, expected) => {
    expect(await closes({ issuedAt: seconds(ms), checkedAt: seconds(50) })).toBe(expected);
  });

  test.each([1_000, 30_000])('a token that a clock %d ms ahead had made before', async (ms) => {
    expect(await closes({ issuedAt: seconds(ms), checkedAt: seconds(-5) })).toBe(true);
  });
});
