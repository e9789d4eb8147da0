import { afterAll, beforeAll, expect, test } from 'vitest';
import { newApp, openChannel } from '../../../test/chat.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import type { Sql } from '../../platform/sql.ts';
import { bumpsOfOnline } from './repository.ts';
import { unreadTotals } from './unread.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

interface PlanNode {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** The most rows that any step of a plan looked at, those that it threw away too. */
const mostLookedAt = (step: PlanNode): number => {
  const rows = step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0) + (step['Rows Removed by Join Filter'] ?? 0);
  return Math.max(rows * step['Actual Loops'], ...(step.Plans ?? []).map(mostLookedAt));
};

async function costOf(work: (sql: Sql) => Promise<unknown>): Promise<number> {
  const costs: number[] = [];
  await work({
    query: async (text, params) => {
      const plain = text.replace(/^-- .*\n/, '');
      const [row] = await node.db.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
        `EXPLAIN (ANALYZE, FORMAT JSON) ${plain}`,
        params,
      );
      costs.push(row === undefined ? Number.NaN : mostLookedAt(row['QUERY PLAN'][0]?.Plan ?? neverPlanned()));
      return [];
    },
  });
  return Math.max(...costs);
}

const neverPlanned = (): never => {
  throw new Error('a statement without a plan');
};

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
  expect(await costOf(bumps)).toBeLessThan(most);
  expect(await costOf(totals)).toBeLessThan(most);
});
