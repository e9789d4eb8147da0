import { Client } from 'pg';
import type { Relayed } from '../outbox/relay-check.ts';

export interface BacklogOptions {
  readonly databaseUrl: string;
  readonly appId: string;
  readonly channels: number;
  readonly eventsEach: number;
  /** Marks are counted from here. */
  readonly firstMark: number;
}

/** Logs of channels of their own, as they are when a consumer was away: written at once, and nothing of it left to publish. */
export async function writeBacklog(options: BacklogOptions): Promise<readonly Relayed[]> {
  const { databaseUrl, appId, channels, eventsEach, firstMark } = options;
  const sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
  try {
    await sql.query('BEGIN');
    await sql.query(
      `INSERT INTO channels (app_id, channel_id, type, key, seq, head_at)
       SELECT $1, 'messaging:backlog' || n, 'messaging', 'backlog' || n, $3, clock_timestamp() FROM generate_series(1, $2::int) n`,
      [appId, channels, eventsEach],
    );
    const { rows } = await sql.query<Relayed>(insertEvents, [appId, channels, eventsEach, firstMark]);
    await sql.query('COMMIT');
    await sql.query('ANALYZE channels, channel_events');
    return rows;
  } finally {
    await sql.end();
  }
}

/** An event that changes nothing: nobody is removed. Its `memberCount` is the mark. */
const insertEvents = `
  WITH fresh AS (SELECT 'messaging:backlog' || n AS channel_id, seq, $4::int + (n - 1) * $3::int + seq - 1 AS mark
                   FROM generate_series(1, $2::int) n, generate_series(1, $3::int) seq),
  log AS (INSERT INTO channel_events (app_id, channel_id, seq, type, payload, at)
    SELECT $1, channel_id, seq, 'MembersRemoved', jsonb_build_object('__typename', 'MembersRemoved', 'channelId', channel_id, 'seq', seq,
           'at', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'actor', NULL, 'userIds', '[]'::jsonb,
           'memberCount', mark), clock_timestamp() FROM fresh)
  SELECT channel_id AS "channelId", seq::int AS seq, mark::int AS mark FROM fresh`;
