import type { Principal } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openParty, principalOf, room } from '../../test/bus-party.ts';
import { createWorld, type World } from '../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('session.open', () => {
  test('verifies a token', async () => {
    const { app } = await openParty(world);
    expect(await principalOf(world, app, 'ada')).toMatchObject({
      appId: app.appId,
      keyId: app.keyId,
      scope: 'user',
      userId: 'ada',
    });
  });

  test('refuses one, and says why', async () => {
    const app = await world.app();
    const expired = await app.token('ada', { expiresIn: -10 });
    await expect(world.call('session.open', { token: expired, origin: null })).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('the token expired at'),
    });
  });

  test('refuses a website that the app does not allow', async () => {
    const app = await world.app();
    await world.api.apps.setAllowedOrigins(app.appId, ['https://app.example']);
    const token = await app.token('ada');
    await expect(world.call('session.open', { token, origin: 'https://evil.example' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

test('a request that is not what the contract says is refused by the name of its field', async () => {
  const { ada } = await openParty(world);
  const ask = async (method: string, request: unknown): Promise<unknown> =>
    JSON.parse(await world.bus.request(`parley.rpc.${method}`, JSON.stringify(request), { timeoutMs: 5_000 }));
  const askOne = async (method: string, request: unknown): Promise<unknown> => {
    const { value } = (await ask(method, { items: [request] })) as { value: { items: unknown[] } };
    return value.items[0];
  };
  const refusal = (field: string) => ({ ok: false, fault: { code: 'invalid_input', field } });
  const join = { principal: ada, channelId: room };
  expect(await askOne('channel.join', { ...join, channelId: 7 })).toMatchObject(refusal('channelId'));
  expect(await askOne('channel.join', { ...join, principal: { ...ada, scope: 'root' } })).toMatchObject(
    refusal('principal.scope'),
  );
  expect(await askOne('channel.events', null)).toMatchObject(refusal('input'));
  expect(await ask('channel.events', null)).toMatchObject(refusal('items'));
  const operation = { query: '{ me { id } }', variables: [] };
  expect(await ask('graphql.execute', { principal: ada, operation, requestId: 'r' })).toMatchObject(
    refusal('operation.variables'),
  );
});

test('who only reaches the bus acts as nobody, whatever is asked', async () => {
  const { app, ada } = await openParty(world);
  const { signature: _, ...claimed } = ada;
  const forged: Principal = { ...claimed, scope: 'server' };
  const refused = { code: 'unauthenticated', message: expect.stringContaining('not opened by an API node') };
  const join = { principal: forged, channelId: room };
  const asked = [
    world.call('session.check', { principal: forged, origin: null }),
    world.call('channel.join', join),
    world.call('channel.authorize', join),
    world.call('inbox.open', { principal: forged, after: null, page: null }),
    world.call('presence.read', { principal: forged, userIds: ['ada'] }),
  ];
  for (const answer of asked) await expect(answer).rejects.toMatchObject(refused);
  const query = 'mutation { upsertUsers(input: { users: [{ id: "ghost" }] }) { id } }';
  const { errors } = await world.call('graphql.execute', { principal: forged, operation: { query }, requestId: 'r' });
  expect(errors).toMatchObject([{ extensions: { code: 'unauthenticated' } }]);
  expect(await app.data('{ user(id: "ghost") { id } }')).toEqual({ user: null });
});

test('inbox.open needs a user', async () => {
  const app = await world.app();
  const principal = await world.call('session.open', { token: await app.serverToken(), origin: null });
  await expect(world.call('inbox.open', { principal, after: null, page: null })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

describe('graphql.execute', () => {
  test('runs an operation as over HTTP', async () => {
    const { ada } = await openParty(world);
    const operation = { query: '{ me { id } }' };
    expect(await world.call('graphql.execute', { principal: ada, operation, requestId: 'r1' })).toEqual({
      data: { me: { id: 'ada' } },
    });
  });

  test('puts every fault into the result', async () => {
    const { ada } = await openParty(world);
    const execute = (principal: Principal, query: string) =>
      world.call('graphql.execute', { principal, operation: { query }, requestId: 'r1' });
    expect(await execute(ada, '{ nonsense }')).toMatchObject({
      errors: [{ extensions: { code: 'invalid_query', requestId: 'r1' } }],
    });
    expect(await execute({ ...ada, expiresAt: 1 }, '{ me { id } }')).toMatchObject({
      errors: [{ extensions: { code: 'unauthenticated', requestId: 'r1' } }],
    });
  });
});
