import { callRpcMany } from '@parley/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openParty, room } from '../../test/bus-party.ts';
import { createWorld, type World } from '../../test/world.ts';
import { encodeCursor } from '../platform/page.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const inTime = { timeoutMs: 10_000 };
const longAgo = encodeCursor('2020-01-01T00:00:00.000Z');

describe('many questions at once', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

  async function manyUsers(count: number) {
    const { app, eve } = await openParty(world, 2);
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
    const { app, principals, tokens } = await manyUsers(60);
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
    expect(await cost(60)).toBeLessThanOrEqual(16);
  });

  test('the answers are in the order asked, each with its own fault', async () => {
    const { app, eve, principals } = await manyUsers(2);
    const other = await openParty(world);
    const [first, second] = principals;
    if (first === undefined || second === undefined) throw new Error('the users are missing');
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

  test('pages share the room of a message, and whoever found none is to ask again', async () => {
    const { app } = await openParty(world);
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
    const { principals } = await manyUsers(5);
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
