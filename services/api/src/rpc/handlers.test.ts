import type { LoggedEvent } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World, type WorldApp } from '../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const room = 'messaging:room';
const principalOf = async (app: WorldApp, userId: string): Promise<Principal> =>
  await world.call('session.open', { token: await app.token(userId), origin: null });

async function party(messages = 0) {
  const app = await world.app();
  await app.users('ada', 'bob', 'eve');
  await app.data('mutation ($input: CreateChannelInput!) { createChannel(input: $input) { id } }', {
    input: { type: 'messaging', key: 'room', memberIds: ['ada', 'bob'] },
  });
  const say = (text: string) =>
    app.data(
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { id } }',
      { input: { channelId: room, text } },
      { as: { user: 'ada' } },
    );
  for (let index = 0; index < messages; index += 1) await say(`${index}`);
  return { app, say, ada: await principalOf(app, 'ada'), eve: await principalOf(app, 'eve') };
}

describe('session.open', () => {
  test('verifies a token', async () => {
    const { app } = await party();
    expect(await principalOf(app, 'ada')).toMatchObject({
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

describe('channel.join', () => {
  test('starts at the head when nothing is said of where to begin', async () => {
    const { ada } = await party(3);
    const joined = await world.call('channel.join', { principal: ada, channelId: room, after: null });
    expect(joined).toMatchObject({ head: 4, reset: false, events: [] });
    expect(joined.reads.map((read) => read.userId).toSorted()).toEqual(['ada', 'bob']);
  });

  test('replays what follows', async () => {
    const { ada } = await party(3);
    const joined = await world.call('channel.join', { principal: ada, channelId: room, after: 2 });
    expect(joined).toMatchObject({ head: 4, reset: false });
    expect(joined.events.map((event) => event.seq)).toEqual([3, 4]);
  });

  test('says so when the log does not reach back, or never was so long', async () => {
    const { app, ada } = await party(3);
    await world.db.query(`UPDATE channels SET log_floor = 2 WHERE app_id = $1`, [app.appId]);
    const join = (after: number) => world.call('channel.join', { principal: ada, channelId: room, after });
    expect(await join(1)).toMatchObject({ head: 4, reset: true, events: [] });
    expect(await join(2)).toMatchObject({ reset: false });
    expect(await join(4)).toMatchObject({ reset: false, events: [] });
    expect(await join(5)).toMatchObject({ reset: true, events: [] });
  });

  test('is refused to who is no member, the same whether the channel exists', async () => {
    const { eve } = await party();
    const refusal = async (channelId: string) =>
      await world.call('channel.join', { principal: eve, channelId, after: null }).catch((fault: unknown) => fault);
    expect(await refusal(room)).toMatchObject({ code: 'forbidden', details: { permission: 'read-channel' } });
    expect(await refusal('messaging:none')).toMatchObject({
      code: 'forbidden',
      details: { permission: 'read-channel' },
    });
  });

  test.each([-1, 0.5])('refuses to begin after %d', async (after) => {
    const { ada } = await party();
    await expect(world.call('channel.join', { principal: ada, channelId: room, after })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});

describe('channel.events and channel.heads', () => {
  test('lead through the whole log', async () => {
    const { app } = await party(12);
    const seen: LoggedEvent[] = [];
    for (;;) {
      const page = await world.call('channel.events', {
        appId: app.appId,
        channelId: room,
        after: seen.length,
        limit: 5,
      });
      seen.push(...page.events);
      if (page.events.length === 0) break;
    }
    expect(seen.map((event) => event.seq)).toEqual(Array.from({ length: 13 }, (_, index) => index + 1));
    const channels = [
      { appId: app.appId, channelId: room },
      { appId: 'none', channelId: room },
    ];
    expect(await world.call('channel.heads', { channels })).toEqual({ heads: [13, null] });
  });

  test('are bounded', async () => {
    const channels = Array.from({ length: 501 }, () => ({ appId: 'a', channelId: room }));
    await expect(world.call('channel.heads', { channels })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { limit: 500 },
    });
  });
});

describe('channel.reads', () => {
  const read = (appId: string, channelId: string) => world.call('channel.reads', { appId, channelId });

  test('tells where the members have read to', async () => {
    const { app } = await party(3);
    await app.data(
      'mutation ($input: MarkReadInput!) { markRead(input: $input) { readSeq } }',
      { input: { channelId: room, seq: 3 } },
      { as: { user: 'bob' } },
    );
    const { head, reads } = await read(app.appId, room);
    expect(head).toBe(4);
    expect(reads.find(({ userId }) => userId === 'bob')).toMatchObject({
      __typename: 'ReadAdvanced',
      channelId: room,
      readSeq: 3,
      at: expect.stringMatching(/Z$/),
    });
    expect(reads.map(({ userId }) => userId).toSorted()).toEqual(['ada', 'bob']);
  });

  test('tells nothing where there are no read receipts', async () => {
    const app = await world.app();
    await app.users('ada');
    await app.data('mutation ($input: CreateChannelInput!) { createChannel(input: $input) { id } }', {
      input: { type: 'livestream', key: 'show', memberIds: ['ada'] },
    });
    expect(await read(app.appId, 'livestream:show')).toEqual({ head: 1, reads: [] });
  });

  test('refuses an unknown channel', async () => {
    const { app } = await party();
    await expect(read(app.appId, 'messaging:none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(read(app.appId, 'none')).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('channel.authorize', () => {
  test('follows membership, and the revocation of tokens', async () => {
    const { app, ada } = await party();
    const authorize = () => world.call('channel.authorize', { principal: ada, channelId: room });
    expect(await authorize()).toEqual({});
    await app.data('mutation ($input: RemoveMembersInput!) { removeMembers(input: $input) { id } }', {
      input: { channelId: room, userIds: ['ada'] },
    });
    await expect(authorize()).rejects.toMatchObject({ code: 'forbidden' });
    await world.api.apps.revokeKey(app.appId, app.keyId);
    await expect(authorize()).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('presence', () => {
  test('goes from renewal to release', async () => {
    const { app, ada } = await party();
    const users = [{ appId: app.appId, userId: 'bob' }];
    const online = async () =>
      (await world.call('presence.read', { principal: ada, userIds: ['bob'] })).events[0]?.online;
    expect(await online()).toBe(false);
    await world.call('presence.renew', { nodeId: 'n', ttlMs: 30_000, users });
    expect(await online()).toBe(true);
    await world.call('presence.release', { nodeId: 'n', users });
    expect(await online()).toBe(false);
  });

  test('is bounded', async () => {
    const { app, ada } = await party();
    const users = Array.from({ length: 1_001 }, (_, index) => ({ appId: app.appId, userId: `u${index}` }));
    const bounded = { code: 'invalid_input', details: { field: 'users', limit: 1_000 } };
    await expect(world.call('presence.renew', { nodeId: 'n', ttlMs: 30_000, users })).rejects.toMatchObject(bounded);
    await expect(world.call('presence.release', { nodeId: 'n', users })).rejects.toMatchObject(bounded);
    const read = (userIds: readonly string[]) => world.call('presence.read', { principal: ada, userIds });
    await expect(read(users.slice(0, 201).map(({ userId }) => userId))).rejects.toMatchObject({
      details: { field: 'userIds', limit: 200 },
    });
    await expect(read(['not an id'])).rejects.toMatchObject({ details: { field: 'userIds.0' } });
  });

  test('is not kept for ever', async () => {
    await expect(world.call('presence.renew', { nodeId: 'n', ttlMs: 1e12, users: [] })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});

test('a request that is not what the contract says is refused by the name of its field', async () => {
  const { ada } = await party();
  const ask = async (method: string, request: unknown): Promise<unknown> =>
    JSON.parse(await world.bus.request(`parley.rpc.${method}`, JSON.stringify(request), { timeoutMs: 5_000 }));
  const refusal = (field: string) => ({ ok: false, fault: { code: 'invalid_input', field } });
  const join = { principal: ada, channelId: room, after: null };
  expect(await ask('channel.join', { ...join, channelId: 7 })).toMatchObject(refusal('channelId'));
  expect(await ask('channel.join', { ...join, principal: { ...ada, scope: 'root' } })).toMatchObject(
    refusal('principal.scope'),
  );
  expect(await ask('channel.events', null)).toMatchObject(refusal('input'));
  const operation = { query: '{ me { id } }', variables: [] };
  expect(await ask('graphql.execute', { principal: ada, operation, requestId: 'r' })).toMatchObject(
    refusal('operation.variables'),
  );
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
    const { ada } = await party();
    const operation = { query: '{ me { id } }' };
    expect(await world.call('graphql.execute', { principal: ada, operation, requestId: 'r1' })).toEqual({
      data: { me: { id: 'ada' } },
    });
  });

  test('puts every fault into the result', async () => {
    const { ada } = await party();
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
