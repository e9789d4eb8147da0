import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openParty } from '../../test/bus-party.ts';
import { createWorld, type World } from '../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('presence', () => {
  test('goes from renewal to release', async () => {
    const { app, ada } = await openParty(world);
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
    const { app, ada } = await openParty(world);
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
