import { expect, test, vi } from 'vitest';
import { FakeChannel } from '../../test/fake-channel.ts';
import { FakeNetwork } from '../../test/fake-network.ts';
import { createWorld, tokenOf } from '../../test/world.ts';

const now = Date.UTC(2026, 0, 1) / 1000;
const refused = {
  code: 'wrong_user',
  message: 'unable to use the token of user "bob"; this client is that of user "ada": make a client for each user',
};

/** A page whose token source follows whoever is signed in, and everything that reached the server. */
function page(options: { readonly userId?: string; readonly transport?: 'websocket' | 'sse' } = {}) {
  const network = new FakeNetwork();
  const server = new FakeChannel(network);
  network.handlers.set('Echo', () => ({ ok: true }));
  network.handlers.set('anonymous', () => ({ __typename: 'Query' }));
  const session = { sub: 'ada', lifeSeconds: 600 };
  const getToken = vi.fn(() => tokenOf({ sub: session.sub, iat: now, exp: now + session.lifeSeconds }));
  const world = createWorld({ ...options, getToken }, network);
  return { ...world, network, server, session, getToken };
}
const tokensSeen = (network: FakeNetwork) => [
  ...network.sockets.map(({ token }) => token),
  ...network.operations.map(({ token }) => token),
];
const bobs = () => tokenOf({ sub: 'bob', iat: now, exp: now + 600 });

test.each(['websocket', 'sse'] as const)(
  'over %s, a token of somebody else never leaves the client',
  async (transport) => {
    const { client, network, session, server, settle } = page({ userId: 'ada', transport });
    session.sub = 'bob';
    server.send('ada', { text: 'for ada' });
    const channel = client.channel(server.id);
    channel.watch();
    const sending = expect(channel.send('as whom?')).rejects.toMatchObject({ code: 'wrong_user' });
    await expect(client.connect()).rejects.toMatchObject(refused);
    await expect(client.execute('query Echo{ok}')).rejects.toMatchObject(refused);
    await sending;
    await settle();
    expect(client.connection.get()).toMatchObject({ name: 'failed', reason: refused });
    expect(channel.messages.get().items.map(({ text, status }) => [text, status])).toEqual([['as whom?', 'failed']]);
    expect([network.sockets.length, network.operations.length]).toEqual([0, 0]);
  },
);

test('a client with a token that never changes refuses somebody else’s as well', async () => {
  const { client, network } = createWorld({ userId: 'ada', token: bobs() });
  await expect(client.connect()).rejects.toMatchObject(refused);
  expect(network.sockets).toHaveLength(0);
});

test('who is meant is known before there is a token', () => {
  expect(page({ userId: 'ada' }).client.userId).toBe('ada');
  expect(page().client.userId).toBeNull();
});

test.each([{ userId: 'ada' }, {}])(
  'with %j, somebody else at the renewal ends the open connection',
  async (options) => {
    const { client, network, session, clock } = page(options);
    await client.connect();
    session.sub = 'bob';
    await clock.advanceAsync(540_000);
    expect(client.connection.get()).toMatchObject({ name: 'failed', reason: refused });
    expect(network.socket.closedByClient).toBe(true);
    // Ada's token is good for another minute; nobody writes with it in her absence.
    await expect(client.execute('query Echo{ok}')).rejects.toMatchObject(refused);
    expect(network.named('Echo')).toEqual([]);
    expect(tokensSeen(network)).not.toContain(bobs());

    session.sub = 'ada';
    await client.connect();
    await expect(client.execute('query Echo{ok}')).resolves.toEqual({ ok: true });
  },
);

test('somebody else at a reconnect is refused, and nothing is tried again', async () => {
  const { client, network, session, clock, getToken } = page();
  await client.connect();
  session.sub = 'bob';
  network.socket.drop();
  await clock.advanceAsync(60_000);
  expect(client.connection.get()).toMatchObject({ name: 'failed', reason: refused });
  expect(getToken).toHaveBeenCalledTimes(2);
  expect(network.sockets).toHaveLength(1);
});

test('over requests and event streams, somebody else is refused once the token runs out', async () => {
  const { client, network, session, clock } = page({ transport: 'sse' });
  session.lifeSeconds = 20;
  await client.connect();
  session.sub = 'bob';
  await clock.advanceAsync(16_000);
  await expect(client.execute('query Echo{ok}')).rejects.toMatchObject(refused);
  expect(client.connection.get()).toMatchObject({ name: 'failed', reason: refused });
  expect(tokensSeen(network)).not.toContain(tokenOf({ sub: 'bob', iat: now, exp: now + 20 }));
});

test('a client of nobody’s does not become somebody’s', async () => {
  let claims: { readonly sub?: string } = {};
  const { client, network, clock } = createWorld({ getToken: () => tokenOf(claims) });
  await client.connect();
  expect(client.userId).toBeNull();
  claims = { sub: 'bob' };
  network.socket.drop();
  await clock.advanceAsync(1_000);
  expect(client.connection.get()).toMatchObject({
    name: 'failed',
    reason: { message: expect.stringContaining('this client is that of nobody') },
  });
});
