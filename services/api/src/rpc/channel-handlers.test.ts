import type { LoggedEvent } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openParty, principalOf, room } from '../../test/bus-party.ts';
import { createWorld, type World } from '../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('channel.join', () => {
  test('reports where the log begins and ends', async () => {
    const { app, ada } = await openParty(world, 3);
    const join = () => world.call('channel.join', { principal: ada, channelId: room });
    expect(await join()).toMatchObject({ head: 4, floor: 0 });
    await world.db.query(`UPDATE channels SET log_floor = 2 WHERE app_id = $1`, [app.appId]);
    expect(await join()).toMatchObject({ head: 4, floor: 2 });
  });

  test('is refused to who is no member, the same whether the channel exists', async () => {
    const { eve } = await openParty(world);
    const refusal = async (channelId: string) =>
      await world.call('channel.join', { principal: eve, channelId }).catch((error: unknown) => error);
    expect(await refusal(room)).toMatchObject({ code: 'forbidden', details: { permission: 'read-channel' } });
    expect(await refusal('messaging:none')).toMatchObject({
      code: 'forbidden',
      details: { permission: 'read-channel' },
    });
  });

  test('is refused to a member that was removed, and of a channel that was deleted', async () => {
    const { app, ada } = await openParty(world);
    const bob = await principalOf(world, app, 'bob');
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

describe('channel.events and channel.heads', () => {
  test('lead through the whole log', async () => {
    const { app } = await openParty(world, 12);
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

  test('reports where the members have read to', async () => {
    const { app } = await openParty(world, 3);
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

  test('reports nothing where there are no read receipts', async () => {
    const app = await world.app();
    await app.users('ada');
    await app.data('mutation ($input: CreateChannelInput!) { createChannel(input: $input) { id } }', {
      input: { type: 'livestream', key: 'show', memberIds: ['ada'] },
    });
    expect(await read(app.appId, 'livestream:show')).toEqual({ head: 1, reads: [] });
  });

  test('refuses an unknown channel', async () => {
    const { app } = await openParty(world);
    await expect(read(app.appId, 'messaging:none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(read(app.appId, 'none')).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('channel.authorize', () => {
  test('follows membership, and the revocation of tokens', async () => {
    const { app, ada } = await openParty(world);
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
