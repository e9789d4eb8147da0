import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Random } from '../random.ts';
import type { Relayed } from './relay-check.ts';

export interface SleepyWritersOptions {
  readonly databaseUrl: string;
  readonly appId: string;
  readonly channelIds: readonly string[];
  readonly writers: number;
  /** Committed outbox rows after which the writers stop. */
  readonly rows: number;
  /** Longest sleep between insert and commit, ms. */
  readonly sleepMs: number;
  /** Share of transactions that are rolled back. */
  readonly rollbacks: number;
  /** Marks are counted from here; 1 when absent. */
  readonly firstMark?: number;
  readonly random: Random;
}

export interface Written {
  readonly committed: readonly Relayed[];
  readonly rolledBack: number;
}

const mostRowsAtOnce = 8;

/**
 * Many transactions at once that insert into the log and the outbox as the API does (the channel's row locked, dense `seq`), sleep, and only then
 * commit or roll back: rows become visible in an order that has nothing to do with that of their insertion. Nobody publishes these but the sweep.
 */
export async function writeSleepily(options: SleepyWritersOptions): Promise<Written> {
  const committed: Relayed[] = [];
  let rolledBack = 0;
  let marks = (options.firstMark ?? 1) - 1;
  const writer = async (random: Random) => {
    const sql = new Client({ connectionString: options.databaseUrl });
    await sql.connect();
    try {
      while (committed.length < options.rows) {
        const channelId = random.pick(options.channelIds);
        const count = random.between(1, mostRowsAtOnce);
        const firstMark = marks + 1;
        marks += count;
        await sql.query('BEGIN');
        const { rows } = await sql.query<{ seq: number }>(insertRows, [options.appId, channelId, count, firstMark]);
        await sleep(random.next() * options.sleepMs);
        if (random.chance(options.rollbacks)) {
          await sql.query('ROLLBACK');
          rolledBack += 1;
          continue;
        }
        await sql.query('COMMIT');
        for (const [index, { seq }] of rows.entries()) committed.push({ channelId, seq, mark: firstMark + index });
      }
    } finally {
      await sql.end();
    }
  };
  await Promise.all(
    Array.from({ length: options.writers }, (_, index) => writer(options.random.fork(`writer ${index}`))),
  );
  return { committed, rolledBack };
}

/** An event that changes nothing: nobody is removed. Its `memberCount` is the mark. */
const insertRows = `
  WITH head AS (
    UPDATE channels SET seq = seq + $3::int WHERE app_id = $1 AND channel_id = $2 RETURNING seq - $3::int AS base),
  fresh AS (SELECT base + n AS seq, $4::int + n - 1 AS mark FROM head, generate_series(1, $3::int) AS n),
  log AS (
    INSERT INTO channel_events (app_id, channel_id, seq, type, payload, at)
    SELECT $1, $2, seq, 'MembersRemoved', jsonb_build_object('__typename', 'MembersRemoved', 'channelId', $2::text, 'seq', seq,
           'at', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'actor', NULL, 'userIds', '[]'::jsonb,
           'memberCount', mark), clock_timestamp() FROM fresh),
  waiting AS (
    INSERT INTO outbox (app_id, channel_id, first_seq, last_seq) SELECT $1, $2, seq, seq FROM fresh)
  SELECT seq::int AS seq FROM fresh ORDER BY seq`;
