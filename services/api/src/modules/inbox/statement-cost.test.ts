import { afterAll, beforeAll, expect, test } from 'vitest';
import { newApp, openChannel } from '../../../test/chat.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { rowsLookedAt } from '../../../test/statement-cost.ts';
import type { Sql } from '../../platform/sql.ts';
import { changedUsersFor } from './changed-users.ts';
import { bumpsOfOnline } from './repository.ts';
import { unreadTotals } from './unread.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

test('counting for many looks at each message about once, also in a database of which the planner knows nothing yet', async () => {
  const { appId } = await newApp(node);
  const [people, messages] = [200, 2_000];
  const userIds = Array.from({ length: people }, (_, index) => `user-${index}`);
  const channelIds = Array.from({ length: 20 }, (_, index) => `messaging:room-${index}`);
  const [busy = '', ...others] = channelIds;
  await openChannel(node.db, appId, busy, userIds);
  for (const id of others) await openChannel(node.db, appId, id);
  await node.db.query(
    `INSERT INTO messages (app_id, message_id, channel_id, seq, user_id)
     SELECT $1, gen_random_uuid(), $2, n, 'user-' || n % 50 FROM generate_series(1, $3::int) n`,
    [appId, busy, messages],
  );
  await node.db.query(`UPDATE channels SET seq = $3 WHERE app_id = $1 AND channel_id = $2`, [appId, busy, messages]);
  await node.db.query(
    `UPDATE members SET read_seq = substr(user_id, 6)::int % 10 WHERE app_id = $1 AND channel_id = $2`,
    [appId, busy],
  );
  await node.db.query(
    `INSERT INTO presence_leases (app_id, user_id, node_id, expires_at)
     SELECT $1, 'user-' || n, 'node', now() + interval '1 hour' FROM generate_series(0, 19) n`,
    [appId],
  );

  const most = 2 * (people + messages);
  const bumps = (sql: Sql) => bumpsOfOnline(sql, [{ appId, channelId: busy }], null, 1_000);
  const totals = (sql: Sql) =>
    unreadTotals(
      sql,
      userIds.map((userId) => ({ appId, userId })),
    );
  expect(await rowsLookedAt(node.db, bumps)).toBeLessThan(most);
  expect(await rowsLookedAt(node.db, totals)).toBeLessThan(most);
});

test('who comes back costs nothing for those who signed up meanwhile, and little for each who changed', async () => {
  const { appId } = await newApp(node);
  const [people, rooms] = [2_000, 20];
  const userIds = Array.from({ length: people }, (_, index) => `user-${index}`);
  for (let room = 0; room < rooms; room += 1)
    await openChannel(
      node.db,
      appId,
      `messaging:room-${room}`,
      userIds.filter((_, index) => index % rooms === room),
    );
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const viewers = userIds.slice(0, 200).map((userId) => ({ appId, userId, since }));
  const cost = () => rowsLookedAt(node.db, (sql) => changedUsersFor(sql, viewers));
  expect(await cost()).toBeLessThan(2 * viewers.length);
  await node.db.query(
    `UPDATE users SET updated_at = now() + interval '1 second' WHERE app_id = $1 AND substr(user_id, 6)::int < 400`,
    [appId],
  );
  expect(await cost()).toBeLessThan(20 * viewers.length);
});
