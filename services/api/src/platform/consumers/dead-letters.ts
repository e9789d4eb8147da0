import type { Sql } from '../sql.ts';
import type { Place } from './partition.ts';

/** A channel in which a consumer goes no further until somebody decides. */
export interface DeadLetter extends Place {
  /** The event that failed; of a range of missed events, the last one. */
  readonly seq: number;
  /** Where a range of missed events begins; of an event, the same as `seq`. */
  readonly firstSeq: number;
  readonly attempts: number;
  /** What the last attempt failed with. */
  readonly error: string;
  /** ISO 8601. */
  readonly parkedAt: string;
}

/** The channels in which the consumer is parked, in the order of their ids; `after`: the last one of the page before. */
export function readDeadLetters(
  sql: Sql,
  consumer: string,
  { limit, after = null }: { readonly limit: number; readonly after?: Place | null },
): Promise<DeadLetter[]> {
  return sql.query<DeadLetter>(
    `SELECT d.app_id AS "appId", d.channel_id AS "channelId", d.seq, k.seq + 1 AS "firstSeq", d.attempts, d.error, d.parked_at AS "parkedAt"
       FROM consumer_dead_letters d
       JOIN consumer_cursors k ON k.app_id = d.app_id AND k.channel_id = d.channel_id AND k.consumer = d.consumer
      WHERE d.consumer = $1 AND (d.app_id, d.channel_id) > ($2, $3) ORDER BY d.app_id, d.channel_id LIMIT $4`,
    [consumer, after?.appId ?? '', after?.channelId ?? '', limit],
  );
}

/**
 * Has the consumer go on in a channel in which it is parked: with what failed there, an event or a range of missed ones, or with what comes after it.
 * False: it is not parked there.
 */
export async function releaseDeadLetter(
  sql: Sql,
  consumer: string,
  { appId, channelId }: Place,
  goOn: 'retry' | 'skip',
): Promise<boolean> {
  const rows = await sql.query(
    `WITH gone AS (DELETE FROM consumer_dead_letters WHERE app_id = $1 AND channel_id = $2 AND consumer = $3 RETURNING seq)
     UPDATE consumer_cursors k SET attempts = 0, retry_at = NULL, seq = CASE WHEN $4 THEN greatest(k.seq, gone.seq) ELSE k.seq END
       FROM gone WHERE k.app_id = $1 AND k.channel_id = $2 AND k.consumer = $3 RETURNING k.seq`,
    [appId, channelId, consumer, goOn === 'skip'],
  );
  return rows.length > 0;
}

/** Forgets everything of a consumer that no node runs any more. One of its name begins anew then. */
export async function forgetConsumer(sql: Sql, consumer: string): Promise<void> {
  for (const table of ['consumer_dead_letters', 'consumer_cursors', 'consumer_leases', 'consumer_runners', 'consumers'])
    await sql.query(`DELETE FROM ${table} WHERE consumer = $1`, [consumer]);
}
