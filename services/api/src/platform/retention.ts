import type { Db } from './db.ts';

const channelsAtOnce = 20;
const eventsAtOnce = 1_000;

interface OldLog {
  readonly appId: string;
  readonly channelId: string;
}

/**
 * Deletes events older than `days`, oldest first and a bounded number in each transaction, and raises each channel's floor in the same one, so
 * that no reader can take a pruned log for a whole one. Resolves with the count of events deleted.
 */
export async function pruneLogs(db: Db, days: number): Promise<number> {
  let total = 0;
  for (;;) {
    const old = await db.query<OldLog>(
      `SELECT DISTINCT app_id AS "appId", channel_id AS "channelId"
         FROM (SELECT app_id, channel_id FROM channel_events WHERE at < now() - make_interval(secs => $1::float8 * 86400) LIMIT $2) e
        LIMIT $3`,
      [days, eventsAtOnce, channelsAtOnce],
    );
    if (old.length === 0) return total;
    for (const { appId, channelId } of old) total += await pruneSome(db, appId, channelId, days);
  }
}

async function pruneSome(db: Db, appId: string, channelId: string, days: number): Promise<number> {
  return await db.transaction(async (sql) => {
    // The row first, as every writer does: the order of locks is the same everywhere.
    await sql.query('SELECT 1 FROM channels WHERE app_id = $1 AND channel_id = $2 FOR UPDATE', [appId, channelId]);
    const [pruned] = await sql.query<{ count: number }>(
      `WITH doomed AS (
         SELECT seq FROM channel_events WHERE app_id = $1 AND channel_id = $2 AND at < now() - make_interval(secs => $3::float8 * 86400)
          ORDER BY seq LIMIT $4),
       gone AS (DELETE FROM channel_events e USING doomed d WHERE e.app_id = $1 AND e.channel_id = $2 AND e.seq = d.seq RETURNING e.seq),
       floor AS (UPDATE channels SET log_floor = greatest(log_floor, (SELECT max(seq) FROM gone))
                  WHERE app_id = $1 AND channel_id = $2 AND EXISTS (SELECT 1 FROM gone))
       SELECT count(*)::int AS count FROM gone`,
      [appId, channelId, days, eventsAtOnce],
    );
    return pruned?.count ?? 0;
  });
}
