import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { LeapingClock } from '../leaping-clock.ts';

/** Times that a node compares with the database's own. */
const aged = [
  'UPDATE channel_events SET at = at - $1 * interval $$1 ms$$',
  'UPDATE channels SET head_at = head_at - $1 * interval $$1 ms$$, last_message_at = last_message_at - $1 * interval $$1 ms$$',
  'UPDATE outbox SET created_at = created_at - $1 * interval $$1 ms$$',
  'UPDATE presence_leases SET expires_at = expires_at - $1 * interval $$1 ms$$',
  'UPDATE members SET read_at = read_at - $1 * interval $$1 ms$$',
  'UPDATE messages SET created_at = created_at - $1 * interval $$1 ms$$',
];
const prunedWithinMs = 20_000;
const lookEveryMs = 50;

/** Lets `ms` pass for the database and for all nodes, in no time. */
export async function passTime(databaseUrl: string, clock: LeapingClock, ms: number): Promise<void> {
  const sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
  try {
    await sql.query('BEGIN');
    for (const statement of aged) await sql.query(statement, [ms]);
    await sql.query('COMMIT');
  } finally {
    await sql.end();
  }
  clock.leap(ms);
}

/** Resolves when a node has pruned the logs of this app. @throws Error when none does */
export async function untilPruned(databaseUrl: string, appId: string): Promise<void> {
  const sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
  const deadline = performance.now() + prunedWithinMs;
  try {
    for (;;) {
      const { rows } = await sql.query('SELECT 1 FROM channel_events WHERE app_id = $1 LIMIT 1', [appId]);
      if (rows.length === 0) return;
      if (performance.now() > deadline) throw new Error(`unable to go on; no log was pruned in ${prunedWithinMs} ms`);
      await delay(lookEveryMs);
    }
  } finally {
    await sql.end();
  }
}
