import { subjects } from '@parley/contracts/bus';
import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { created } from '../../test/events.ts';
import { appId, tokenOf } from '../../test/fake-api.ts';
import { startWorld, watchChannel } from '../../test/world.ts';

const general = 'messaging:general';
const start = Date.UTC(2026, 0, 1);
const second = start / 1_000;
const iso = (epochSeconds: number) => new Date(epochSeconds * 1_000).toISOString();

test('a socket is closed with 4403 when its token expires', async () => {
  const clock = fakeClock(start);
  const world = await startWorld({ clock });
  const client = await world.raw().init(tokenOf({ userId: 'ada', expiresAt: second + 10 }));
  const other = await world.raw().init(tokenOf({ userId: 'bob', expiresAt: second + 20 }));
  clock.advance(9_000);
  expect(world.fanout.stats().sessions).toBe(2);
  clock.advance(1_000);
  expect(await client.closed).toMatchObject({ code: 4403, reason: expect.stringContaining('expired') });
  expect(other.socket.readyState).toBe(other.socket.OPEN);
});

test.each([
  ['ahead', -600],
  ['behind', 600],
])('a node whose clock is ten minutes %s counts by how long the token is good', async (_, skew) => {
  const clock = fakeClock(start);
  const world = await startWorld({ clock });
  const checkedAt = second + skew;
  const client = await world.raw().init(tokenOf({ userId: 'ada', expiresAt: checkedAt + 10, checkedAt }));
  clock.advance(9_000);
  expect(world.fanout.stats().sessions).toBe(1);
  clock.advance(1_000);
  expect(await client.closed).toMatchObject({ code: 4403, reason: expect.stringContaining('expired') });
});

test('a token is renewed by a ping, with no gap in what is watched', async () => {
  const clock = fakeClock(start);
  const world = await startWorld({ clock });
  const client = await world.raw().init(tokenOf({ userId: 'ada', expiresAt: second + 10 }));
  client.subscribe('1', watchChannel, { channelId: general });
  await client.synced('1');
  client.send({ type: 'ping', payload: { token: tokenOf({ userId: 'ada', expiresAt: second + 20 }) } });
  expect(await client.heard((frame) => frame.type === 'pong')).toEqual({
    type: 'pong',
    payload: { expiresAt: second + 20 },
  });
  clock.advance(15_000);
  world.api.channel(general).append(created(general, 'still here'));
  await expect.poll(() => client.seqs('1')).toEqual([1]);
  clock.advance(5_000);
  expect(await client.closed).toMatchObject({ code: 4403 });
});

test.each([
  ['is refused', 'nonsense'],
  ['speaks for another user', tokenOf({ userId: 'bob' })],
  ['is a server token', tokenOf({ userId: 'ada', scope: 'server' })],
])('a renewal whose token %s closes the socket with 4403', async (_what, token) => {
  const world = await startWorld();
  const client = await world.connect('ada');
  client.send({ type: 'ping', payload: { token } });
  expect(await client.closed).toMatchObject({ code: 4403 });
});

test('while nobody can look at the new token the old one holds, and the pong says until when', async () => {
  const world = await startWorld();
  const expiresAt = Math.floor(Date.now() / 1_000) + 60;
  const client = await world.raw().init(tokenOf({ userId: 'ada', expiresAt }));
  world.bus.cut();
  client.send({ type: 'ping', payload: { token: tokenOf({ userId: 'ada', expiresAt: expiresAt + 60 }) } });
  expect(await client.heard((frame) => frame.type === 'pong')).toMatchObject({ payload: { expiresAt } });
});

test('a revocation of the user closes the sockets whose token is as old, and no others', async () => {
  const world = await startWorld();
  const now = Math.floor(Date.now() / 1_000);
  const old = await world.raw().init(tokenOf({ userId: 'ada', issuedAt: now - 100 }));
  const exact = await world.raw().init(tokenOf({ userId: 'ada', issuedAt: now - 50 }));
  const fresh = await world.raw().init(tokenOf({ userId: 'ada', issuedAt: now - 49 }));
  const other = await world.raw().init(tokenOf({ userId: 'bob', issuedAt: now - 100 }));
  world.api.notifyUser('ada', { kind: 'revoked', issuedBefore: iso(now - 50) });
  expect(await old.closed).toMatchObject({ code: 4403, reason: expect.stringContaining('revoked') });
  expect(await exact.closed).toMatchObject({ code: 4403 });
  expect([fresh, other].map(({ socket }) => socket.readyState)).toEqual([1, 1]);
});

test('a revocation of a key, or of the whole app, closes the sockets of every user that it concerns', async () => {
  const world = await startWorld();
  const first = await world.raw().init(tokenOf({ userId: 'ada', keyId: 'key_1' }));
  const second = await world.raw().init(tokenOf({ userId: 'bob', keyId: 'key_2' }));
  const server = await world.raw().init(tokenOf({ userId: null, scope: 'server', keyId: 'key_2' }));
  const notifyApp = (keyId: string | null) =>
    world.bus.publish(
      subjects.app(appId),
      JSON.stringify({ kind: 'revoked', keyId, issuedBefore: iso(Date.now() / 1_000 + 1) }),
    );
  await notifyApp('key_1');
  expect(await first.closed).toMatchObject({ code: 4403 });
  expect(second.socket.readyState).toBe(second.socket.OPEN);
  await notifyApp(null);
  expect(await second.closed).toMatchObject({ code: 4403 });
  expect(await server.closed).toMatchObject({ code: 4403 });
});

test('when what the app shows its users changes, sockets of those who see something else are sent to reconnect', async () => {
  const world = await startWorld();
  const [ada, admin] = [await world.connect('ada'), await world.connect('admin')];
  world.api.outdated.add('ada');
  await world.bus.publish(subjects.app(appId), JSON.stringify({ kind: 'access', at: iso(Date.now() / 1_000) }));
  expect(await ada.closed).toMatchObject({ code: 1012, reason: expect.stringContaining('reconnect and resume') });
  expect(admin.socket.readyState).toBe(admin.socket.OPEN);
});

test('a revocation that passed while the bus was away is found when it is back', async () => {
  const world = await startWorld();
  const token = tokenOf({ userId: 'ada' });
  const client = await world.raw().init(token);
  const other = await world.connect('bob');
  world.bus.cut();
  world.api.revoked.add(token);
  world.bus.heal();
  expect(await client.closed).toMatchObject({ code: 4403 });
  expect(other.socket.readyState).toBe(other.socket.OPEN);
});

test('a revocation between the look at a token and its session is found when others of the user are connected', async () => {
  const world = await startWorld();
  await world.connect('ada');
  const issuedAt = Math.floor(Date.now() / 1_000) - 100;
  const token = tokenOf({ userId: 'ada', issuedAt });
  const answer = deferred();
  const client = await world.raw().opened();
  world.api.after.set('session.open', () => {
    world.api.after.clear();
    world.api.revoked.add(token);
    world.api.notifyUser('ada', { kind: 'revoked', issuedBefore: iso(issuedAt) });
    return answer.promise;
  });
  client.send({ type: 'connection_init', payload: { token } });
  await expect.poll(() => world.api.revoked.size).toBe(1);
  answer.resolve();
  expect(await client.closed).toMatchObject({ code: 4403 });
});

test('a revocation between the first look at the token and the first listening is found', async () => {
  const world = await startWorld();
  const token = tokenOf({ userId: 'ada' });
  world.api.before.set('session.check', () => void world.api.revoked.add(token));
  const client = await world.raw().opened();
  client.send({ type: 'connection_init', payload: { token } });
  expect(await client.closed).toMatchObject({ code: 4403 });
});

test('the origin of the page is shown to the API with the token', async () => {
  const world = await startWorld();
  const client = world.raw();
  await client.init(tokenOf({ userId: 'ada' }));
  expect(world.api.calls[0]).toMatchObject({ method: 'session.open', request: { origin: null } });
});
