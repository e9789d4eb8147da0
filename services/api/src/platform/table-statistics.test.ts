import { afterAll, beforeAll, expect, test } from 'vitest';
import { newApp } from '../../test/chat.ts';
import { eventually } from '../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../test/ground.ts';
import { analyseGrown } from './table-statistics.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

let appId = '';

async function addUsers(from: number, to: number): Promise<void> {
  await node.db.transaction(async (sql) => {
    await sql.query(`INSERT INTO users (app_id, user_id) SELECT $1, 'user-' || n FROM generate_series($2::int, $3) n`, [
      appId,
      from,
      to,
    ]);
    // A connection that falls idle reports what it did some seconds later.
    await sql.query('SELECT pg_stat_force_next_flush()');
  });
}

const known = async () => {
  const [row] = await node.db.query<{ rows: number }>(
    `SELECT reltuples::int AS rows FROM pg_class WHERE oid = 'users'::regclass`,
  );
  return row?.rows ?? 0;
};
test('a table that has doubled is looked at within moments, others are not', async () => {
  ({ appId } = await newApp(node));
  expect(await analyseGrown(node.db)).toEqual([]);
  await addUsers(1, 300);
  await eventually(async () => {
    await analyseGrown(node.db);
    expect(await known()).toBe(300);
  });
  await addUsers(301, 400);
  expect(await analyseGrown(node.db)).toEqual([]);
  await addUsers(401, 700);
  await eventually(async () => {
    await analyseGrown(node.db);
    expect(await known()).toBe(700);
  });
});
