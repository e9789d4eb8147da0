import type { PresenceChanged } from '@parley/contracts';
import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newApp } from '../../../test/chat.ts';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { createStatementCounter } from '../../../test/statements.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

const ttl = 60_000;

async function watched(userId: string) {
  const { appId } = await newApp(node);
  const published: PresenceChanged[] = [];
  node.bus.subscribe(subjects.presence(appId, userId), (payload) => published.push(JSON.parse(payload).event));
  const onlineNow = async () => (await node.presence.readMany([{ appId, userIds: [userId] }]))[0]?.[0]?.online;
  /** As when the node that held the lease died and time went by. */
  const runOut = () =>
    node.db.query(`UPDATE presence_leases SET expires_at = now() - interval '1 second' WHERE app_id = $1`, [appId]);
  return { appId, user: { appId, userId }, published, onlineNow, runOut };
}

describe('a user', () => {
  test('comes online with its first lease and goes with its last, and each is published once', async () => {
    const { user, published, onlineNow } = await watched('ada');
    expect(await onlineNow()).toBe(false);
    await node.presence.renew('node-1', ttl, [user]);
    await node.presence.renew('node-2', ttl, [user]);
    await node.presence.renew('node-1', ttl, [user]);
    expect(await onlineNow()).toBe(true);
    await node.presence.release('node-1', [user]);
    expect(await onlineNow()).toBe(true);
    await node.presence.release('node-2', [user]);
    expect(await onlineNow()).toBe(false);
    await eventually(() => expect(published.map((event) => event.online)).toEqual([true, false]));
    expect(published[1]).toEqual({
      __typename: 'PresenceChanged',
      userId: 'ada',
      online: false,
      lastActiveAt: expect.stringMatching(/^20.*Z$/),
    });
  });

  test('goes when the lease runs out, and was last active then', async () => {
    const { appId, user, published, onlineNow, runOut } = await watched('ada');
    await node.presence.renew('dying', ttl, [user]);
    await runOut();
    expect(await onlineNow()).toBe(false);
    await node.presence.expire();
    await eventually(() => expect(published.map((event) => event.online)).toEqual([true, false]));
    expect(await node.db.query('SELECT 1 FROM presence_leases WHERE app_id = $1', [appId])).toEqual([]);
    expect((await node.users.byIds(appId, ['ada'])).get('ada')?.lastActiveAt).toBe(published[1]?.lastActiveAt);
  });

  test('goes by itself, without anyone asking', async () => {
    const { user, published, runOut } = await watched('ada');
    await node.presence.renew('dying', ttl, [user]);
    await runOut();
    await eventually(() => expect(published.map((event) => event.online)).toEqual([true, false]));
  });

  test('who is held by another node does not go when one lease runs out', async () => {
    const { user, published, onlineNow, runOut } = await watched('ada');
    await node.presence.renew('dying', ttl, [user]);
    await runOut();
    await node.presence.renew('living', ttl, [user]);
    await node.presence.expire();
    expect(await onlineNow()).toBe(true);
    await eventually(() => expect(published.at(-1)).toMatchObject({ online: true }));
  });

  test('comes back after an expiry', async () => {
    const { user, published, onlineNow, runOut } = await watched('ada');
    await node.presence.renew('node-1', ttl, [user]);
    await runOut();
    await node.presence.renew('node-1', ttl, [user]);
    expect(await onlineNow()).toBe(true);
    await eventually(() => expect(published.at(-1)).toMatchObject({ online: true }));
  });

  test('released by a node that never held it is published to nobody', async () => {
    const { user, published } = await watched('ada');
    await node.presence.release('node-1', [user]);
    await node.presence.renew('node-1', ttl, [user]);
    await eventually(() => expect(published.map((event) => event.online)).toEqual([true]));
  });
});

test('whatever nodes do at once, the last that is published is what is stored', async () => {
  const other = await ground.node({ bus: node.bus });
  const { user, published, onlineNow } = await watched('ada');
  for (let round = 0; round < 15; round += 1) {
    await Promise.all([
      node.presence.renew('node-1', ttl, [user]),
      other.presence.release('node-1', [user]),
      other.presence.renew('node-2', ttl, [user]),
      node.presence.release('node-2', [user]),
      other.presence.expire(),
    ]);
    const online = await onlineNow();
    await eventually(() => expect(published.at(-1)?.online ?? false).toBe(online));
  }
  await other.stop();
});

test('many users of many apps take part in one call', async () => {
  const [one, other] = [await newApp(node), await newApp(node)];
  const users = Array.from({ length: 500 }, (_, index) => ({
    appId: index % 2 === 0 ? one.appId : other.appId,
    userId: `u${index}`,
  }));
  await Promise.all([node.presence.renew('a', ttl, users), node.presence.renew('b', ttl, users.toReversed())]);
  expect(
    (await node.presence.readMany([{ appId: one.appId, userIds: ['u0', 'u1', 'u2'] }]))[0]?.map(
      (event) => event.online,
    ),
  ).toEqual([true, false, true]);
  await node.db.query(`UPDATE presence_leases SET expires_at = now() - interval '1 second' WHERE app_id IN ($1, $2)`, [
    one.appId,
    other.appId,
  ]);
  await node.presence.expire();
  expect(
    (await node.presence.readMany([{ appId: one.appId, userIds: ['u0', 'u498'] }]))[0]?.map((event) => event.online),
  ).toEqual([false, false]);
});

test('an expiry that is killed half way is made up for by the next', async () => {
  const { appId, user, published, runOut } = await watched('ada');
  const dying = await ground.node({ bus: node.bus });
  await node.presence.renew('gone', ttl, [user]);
  await runOut();
  await node.db.transaction(async (sql) => {
    // The expiry has taken the user and waits for the lease: that is where it is killed.
    await sql.query('SELECT 1 FROM presence_leases WHERE app_id = $1 FOR UPDATE', [appId]);
    const killed = dying.presence.expire().catch(() => undefined);
    await eventually(async () =>
      expect(
        await node.db.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        ),
      ).not.toEqual([]),
    );
    await killed;
    expect(published.map((event) => event.online)).toEqual([true]);
  });
  await dying.stop();
  // The rows stay locked until the killed backend is gone, which is a moment after it was told to go.
  await eventually(async () => {
    await node.presence.expire();
    expect(published.at(-1)).toMatchObject({ online: false });
  });
});

test('the users of a node that died are taken over in one statement, and nobody is notified', async () => {
  const { appId, published } = await watched('u0');
  const users = Array.from({ length: 500 }, (_, index) => ({ appId, userId: `u${index}` }));
  await node.presence.renew('dead', ttl, users);
  await eventually(() => expect(published.map((event) => event.online)).toEqual([true]));
  const { statements } = await createStatementCounter(node.db).during(() => node.presence.renew('living', ttl, users));
  expect(statements).toHaveLength(1);
  await node.db.query(
    `UPDATE presence_leases SET expires_at = now() - interval '1 second' WHERE app_id = $1 AND node_id = 'dead'`,
    [appId],
  );
  await node.presence.expire();
  const [states] = await node.presence.readMany([{ appId, userIds: users.map(({ userId }) => userId) }]);
  expect(states?.every(({ online }) => online)).toBe(true);
  expect(published).toHaveLength(1);
});

test('whoever moves between nodes that release and renew at the same time is online in the end', async () => {
  const { appId, published, onlineNow } = await watched('u0');
  const users = Array.from({ length: 20 }, (_, index) => ({ appId, userId: `u${index}` }));
  await node.presence.renew('node-0', ttl, users);
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.all([
      node.presence.renew(`node-${turn + 1}`, ttl, users.toReversed()),
      node.presence.release(`node-${turn}`, users),
    ]);
    const [states] = await node.presence.readMany([{ appId, userIds: users.map(({ userId }) => userId) }]);
    expect(states?.every(({ online }) => online)).toBe(true);
  }
  expect(await onlineNow()).toBe(true);
  await eventually(() => expect(published.at(-1)).toMatchObject({ online: true }));
});
