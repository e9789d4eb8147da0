import type { LoggedEvent } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import { callRpcMany } from '@parley/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World, type WorldApp } from '../../test/world.ts';
import { encodeCursor } from '../platform/page.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const room = 'messaging:room';
const inTime = { timeoutMs: 10_000 };
const longAgo = encodeCursor('2020-01-01T00:00:00.000Z');
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
  test('tells where the log begins and ends', async () => {
    const { app, ada } = await party(3);
    const join = () => world.call('channel.join', { principal: ada, channelId: room });
    expect(await join()).toMatchObject({ head: 4, floor: 0 });
    await world.db.query(`UPDATE channels SET log_floor = 2 WHERE app_id = $1`, [app.appId]);
    expect(await join()).toMatchObject({ head: 4, floor: 2 });
  });

  test('is refused to who is no member, the same whether the channel exists', async () => {
    const { eve } = await party();
    const refusal = async (channelId: string) =>
      await world.call('channel.join', { principal: eve, channelId }).catch((fault: unknown) => fault);
    expect(await refusal(room)).toMatchObject({ code: 'forbidden', details: { permission: 'read-channel' } });
    expect(await refusal('messaging:none')).toMatchObject({
      code: 'forbidden',
      details: { permission: 'read-channel' },
    });
  });

  test('is refused to a member that was removed, and of a channel that was deleted', async () => {
    const { app, ada } = await party();
    const bob = await principalOf(app, 'bob');
    await app.data('mutation ($input: RemoveMembersInput!) { removeMembers(input: $input) { id } }', {
      input: { channelId: room, userIds: ['bob'] },
    });
    const join = (principal: Principal) => world.call('channel.join', { principal, channelId: room });
    await expect(join(bob)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await join(ada)).toMatchObject({ floor: 0 });
    await app.data('mutation ($input: DeleteChannelInput!) { deleteChannel(input: $input) { id } }', {
      input: { channelId: room },
    });
    await expect(join(ada)).rejects.toMatchObject({ code: 'forbidden' });
    const server = await world.call('session.open', { token: await app.serverToken(), origin: null });
    await expect(join(server)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('many questions at once', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

  async function crowd(count: number) {
    const { app, eve } = await party(2);
    await app.data('mutation ($input: AddMembersInput!) { addMembers(input: $input) { id } }', {
      input: { channelId: room, members: many(count).map((userId) => ({ userId })) },
    });
    const tokens = await Promise.all(many(count).map((userId) => app.token(userId)));
    const sessions = await callRpcMany(
      world.bus,
      'session.open',
      tokens.map((token) => ({ token, origin: null })),
      inTime,
    );
    const principals = sessions.flatMap((session) => (session?.ok ? [session.value] : []));
    return { app, eve, tokens, principals };
  }

  test('cost as many statements as few', async () => {
    const { app, principals, tokens } = await crowd(60);
    const cost = async (count: number) => {
      const some = principals.slice(0, count);
      const { statements } = await world.statements(async () => {
        await callRpcMany(
          world.bus,
          'session.open',
          tokens.slice(0, count).map((token) => ({ token, origin: null })),
          inTime,
        );
        await callRpcMany(
          world.bus,
          'channel.join',
          some.map((principal) => ({ principal, channelId: room })),
          inTime,
        );
        await callRpcMany(
          world.bus,
          'channel.authorize',
          some.map((principal) => ({ principal, channelId: room })),
          inTime,
        );
        await callRpcMany(
          world.bus,
          'channel.events',
          some.map((_, after) => ({ appId: app.appId, channelId: room, after: after % 3, limit: 10 })),
          inTime,
        );
        await callRpcMany(
          world.bus,
          'channel.reads',
          some.map(() => ({ appId: app.appId, channelId: room })),
          inTime,
        );
        await callRpcMany(
          world.bus,
          'inbox.open',
          some.map((principal) => ({ principal, after: longAgo, page: null })),
          inTime,
        );
        await callRpcMany(
          world.bus,
          'presence.read',
          some.map((principal) => ({ principal, userIds: ['ada', 'bob'] })),
          inTime,
        );
      });
      return statements.length;
    };
    expect(principals).toHaveLength(60);
    await cost(1);
    expect(await cost(60)).toBe(await cost(2));
    expect(await cost(60)).toBeLessThanOrEqual(15);
  });

  test('the answers are in the order asked, each with its own fault', async () => {
    const { app, eve, principals } = await crowd(2);
    const other = await party();
    const [first, second] = principals;
    if (first === undefined || second === undefined) throw new Error('the crowd is missing');
    const joins = [
      { principal: first, channelId: room },
      { principal: eve, channelId: room },
      { principal: { ...second, expiresAt: 1 }, channelId: room },
      { principal: second, channelId: 'none' },
      { principal: other.ada, channelId: room },
      { principal: second, channelId: room },
    ];
    const answers = await callRpcMany(world.bus, 'channel.join', joins, inTime);
    expect(answers.map((answer) => (answer?.ok ? answer.value.head : answer?.fault.code))).toEqual([
      4,
      'forbidden',
      'unauthenticated',
      'invalid_input',
      1,
      4,
    ]);
    await world.api.keys.revoke(app.appId, app.keyId, { last: true });
    const later = await callRpcMany(world.bus, 'channel.join', joins, inTime);
    expect(later.map((answer) => answer?.ok)).toEqual([false, false, false, false, true, false]);
  });

  test('pages share the room of a message, and what found none is told to ask again', async () => {
    const { app } = await party();
    const channels = ['a', 'b', 'c', 'd'].map((key) => `messaging:${key}`);
    for (const channelId of channels) {
      await app.data('mutation ($input: CreateChannelInput!) { createChannel(input: $input) { id } }', {
        input: { type: 'messaging', key: channelId.split(':')[1] ?? '', memberIds: ['ada'] },
      });
      await world.db.query(
        `UPDATE channel_events SET payload = payload || jsonb_build_object('padding', repeat('x', 300000)) WHERE app_id = $1 AND channel_id = $2`,
        [app.appId, channelId],
      );
    }
    const asked = [...channels, 'messaging:none'].map((channelId) => ({
      appId: app.appId,
      channelId,
      after: 0,
      limit: 10,
    }));
    const pages = await callRpcMany(world.bus, 'channel.events', asked, inTime);
    expect(pages.map((page) => (page?.ok ? page.value.events.length : (page?.fault.code ?? null)))).toEqual([
      1,
      1,
      null,
      null,
      'not_found',
    ]);
  });

  test('inboxes are the same as one by one', async () => {
    const { principals } = await crowd(5);
    const asked = principals.map((principal, index) => ({
      principal,
      after: index % 2 === 0 ? longAgo : null,
      page: null,
    }));
    const together = await callRpcMany(world.bus, 'inbox.open', asked, inTime);
    const withoutTimes = (value: unknown) =>
      JSON.parse(JSON.stringify(value), (key, of) => (key === 'at' || key === 'cursor' ? undefined : of));
    for (const [index, question] of asked.entries()) {
      const alone = await world.call('inbox.open', question);
      expect(withoutTimes(together[index])).toEqual({ ok: true, value: withoutTimes(alone) });
    }
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
    expect(await world.call('channel.heads', { channels })).toMatchObject({ heads: [13, null] });
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
    await world.api.keys.revoke(app.appId, app.keyId, { last: true });
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
  const { app, ada } = await party();
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
