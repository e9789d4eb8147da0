import { ParleyError } from '@parley/contracts';
import { expect, test, vi } from 'vitest';
import { FakeChannel } from '../../test/fake-channel.ts';
import { FakeNetwork } from '../../test/fake-network.ts';
import { createWorld, tokenOf } from '../../test/world.ts';

const now = Date.UTC(2026, 0, 1) / 1000;

function numberedTokens(lifeSeconds: number) {
  let count = 0;
  return vi.fn(() => {
    count += 1;
    return tokenOf({ sub: 'ada', iat: now, exp: now + lifeSeconds * count, n: count });
  });
}

function watchedWorld(...args: Parameters<typeof createWorld>) {
  const world = createWorld(...args);
  const server = new FakeChannel(world.network);
  const states: string[] = [];
  world.client.connection.subscribe(() => states.push(world.client.connection.get().name));
  return { ...world, server, states };
}

test('nothing is opened before the first need', async () => {
  const { client, network, settle } = watchedWorld();
  await settle();
  expect(network.sockets).toHaveLength(0);
  expect(client.connection.get()).toEqual({ name: 'idle' });
});

test('a lost connection comes back by itself', async () => {
  const { client, network, clock, states } = watchedWorld();
  await client.connect();
  network.socket.drop();
  expect(client.connection.get()).toEqual({ name: 'waiting', attempt: 2, delayMs: 150 });
  await clock.advanceAsync(150);
  expect(client.connection.get()).toMatchObject({ name: 'connected', sessionId: 'session-2' });
  expect(states).toEqual(['connecting', 'connected', 'waiting', 'connecting', 'connected']);
});

test('a server that does not answer the greeting is left after 10 s', async () => {
  const { client, network, clock } = watchedWorld();
  network.silentInit = true;
  client.connect().catch(() => {});
  await clock.advanceAsync(9_999);
  expect(client.connection.get().name).toBe('connecting');
  await clock.advanceAsync(1);
  expect(client.connection.get().name).toBe('waiting');
  expect(network.socket.closedByClient).toBe(true);
});

test('a peer that went silent is found out within 35 s', async () => {
  const { client, network, clock } = watchedWorld();
  await client.connect();
  await clock.advanceAsync(60_000);
  expect(client.connection.get().name).toBe('connected');
  network.socket.frozen = true;
  await clock.advanceAsync(35_000);
  expect(network.sockets.length).toBe(2);
  expect(client.connection.get().name).toBe('connected');
});

test('a page that comes back to the front checks at once', async () => {
  const { client, network, clock, hint } = watchedWorld();
  await client.connect();
  network.socket.frozen = true;
  hint('try');
  await clock.advanceAsync(5_000);
  expect(client.connection.get().name).not.toBe('connected');
});

test('a network that is back ends the wait', async () => {
  const { client, network, hint, settle } = watchedWorld();
  await client.connect();
  network.acceptSockets = false;
  network.socket.drop();
  network.acceptSockets = true;
  hint('try');
  await settle();
  expect(client.connection.get().name).toBe('connected');
});

test('connect waits through failures, and gives up after 30 s while the client goes on', async () => {
  const { client, network, clock } = watchedWorld({ transport: 'websocket' });
  network.acceptSockets = false;
  const connected = client.connect();
  const outcome = expect(connected).rejects.toMatchObject({ code: 'timeout' });
  await clock.advanceAsync(30_000);
  await outcome;
  network.acceptSockets = true;
  await clock.advanceAsync(20_000);
  expect(client.connection.get().name).toBe('connected');
});

test('a token that cannot be renewed fails when it is refused', async () => {
  const { client, network } = watchedWorld();
  network.refuseWith = () => 4403;
  await expect(client.connect()).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(client.connection.get()).toMatchObject({ name: 'failed', reason: { code: 'unauthenticated' } });
  expect(network.sockets).toHaveLength(1);
});

test('a refused token is replaced once', async () => {
  const getToken = numberedTokens(3600);
  const { client, network, clock } = watchedWorld({ getToken });
  const first = tokenOf({ sub: 'ada', iat: now, exp: now + 3600, n: 1 });
  network.refuseWith = (token) => (token === first ? 4403 : null);
  const connected = client.connect();
  await clock.advanceAsync(1000);
  await connected;
  expect(getToken).toHaveBeenCalledTimes(2);
});

test('a second refusal in a row is final', async () => {
  const { client, network, clock } = watchedWorld({ getToken: numberedTokens(3600) });
  network.refuseWith = () => 4403;
  const outcome = expect(client.connect()).rejects.toMatchObject({ code: 'unauthenticated' });
  await clock.advanceAsync(60_000);
  await outcome;
  expect(network.sockets).toHaveLength(2);
});

test.each([4400, 4406])('close code %i is final', async (code) => {
  const { client, network } = watchedWorld();
  await client.connect();
  network.socket.drop(code, 'no');
  expect(client.connection.get()).toMatchObject({ name: 'failed', reason: { code: 'invalid_input' } });
});

test.each([1012, 1013, 4408, 4430, 4431])('close code %i is tried again', async (code) => {
  const { client, network, clock } = watchedWorld();
  await client.connect();
  network.socket.drop(code);
  expect(client.connection.get().name).toBe('waiting');
  await clock.advanceAsync(2_000);
  expect(client.connection.get().name).toBe('connected');
});

test('the token is renewed over the open socket before it ends', async () => {
  const getToken = numberedTokens(600);
  const { client, network, clock } = watchedWorld({ getToken });
  await client.connect();
  expect(getToken).toHaveBeenCalledTimes(1);
  await clock.advanceAsync(539_000);
  expect(getToken).toHaveBeenCalledTimes(1);
  await clock.advanceAsync(1_000);
  expect(getToken).toHaveBeenCalledTimes(2);
  expect(network.sockets).toHaveLength(1);
  expect(network.socket.token).toBe(tokenOf({ sub: 'ada', iat: now, exp: now + 1200, n: 2 }));
  expect(client.connection.get().name).toBe('connected');
});

test('a clock that is far ahead does not make the client renew without end', async () => {
  const getToken = vi.fn(() => tokenOf({ sub: 'ada', iat: now - 90_000, exp: now - 86_400 }));
  const { client, clock } = watchedWorld({ getToken });
  await client.connect();
  await clock.advanceAsync(60_000);
  expect(getToken.mock.calls.length).toBeLessThan(3);
});

test('a tenant back end that is down is asked again', async () => {
  let up = false;
  const getToken = vi.fn(async () => {
    if (!up) throw new Error('ECONNREFUSED');
    return tokenOf({ sub: 'ada' });
  });
  const { client, clock } = watchedWorld({ getToken });
  await expect(client.connect()).rejects.toMatchObject({
    code: 'disconnected',
    message: 'unable to get a token from getToken; ECONNREFUSED',
    cause: { message: 'ECONNREFUSED' },
  });
  expect(client.connection.get()).toMatchObject({
    name: 'waiting',
    reason: { message: expect.stringContaining('ECONNREFUSED') },
  });
  up = true;
  await clock.advanceAsync(20_000);
  expect(client.connection.get().name).toBe('connected');
});

test('a getToken that returns nothing says so', async () => {
  const { client } = watchedWorld({ getToken: () => '' });
  await expect(client.connect()).rejects.toThrow(/getToken must return/);
});

test('disconnect closes the socket and ends a pending connect', async () => {
  const { client, network, settle } = watchedWorld();
  network.silentInit = true;
  const outcome = expect(client.connect()).rejects.toMatchObject({ code: 'disconnected' });
  await settle();
  client.disconnect();
  await outcome;
  expect(network.socket.closedByClient).toBe(true);
  expect(client.connection.get()).toEqual({ name: 'idle' });
});

test('what was followed before disconnect is followed again after connect', async () => {
  const { client, server, settle } = watchedWorld();
  const channel = client.channel(server.id);
  channel.watch();
  await settle();
  client.disconnect();
  expect(channel.state.get().status).toBe('resuming');
  server.send('bob', { text: 'while away' });
  await client.connect();
  await settle();
  expect(channel.state.get().status).toBe('live');
  expect(channel.messages.get().items.map(({ text }) => text)).toEqual(['while away']);
});

test('a WebSocket that was refused is only left for SSE where requests get through', async () => {
  const network = new FakeNetwork();
  network.acceptSockets = false;
  network.acceptHttp = false;
  const { client, clock } = watchedWorld({}, network);
  client.connect().catch(() => {});
  await clock.advanceAsync(5_000);
  expect(client.connection.get().name).not.toBe('connected');
  network.handlers.set('anonymous', () => ({ __typename: 'Query' }));
  network.acceptHttp = true;
  await clock.advanceAsync(45_000);
  expect(client.connection.get().name).toBe('connected');
});

test('where a WebSocket is asked for and there is none, the error says what to pass', async () => {
  const { connectionWithout } = await import('../../test/no-websocket.ts');
  await expect(connectionWithout('websocket')).rejects.toThrow(ParleyError);
  await expect(connectionWithout('websocket')).rejects.toThrow(/webSocket/);
});
