import { computedOnce } from '../planner-hints.ts';
import type { Sql } from '../sql.ts';
import type { LeaseToken } from './leases-repository.ts';
import type { Place } from './partition.ts';

/** What became of a batch. */
export interface CursorMove extends Place {
  /** Under which the batch was handled. */
  readonly lease: LeaseToken;
  /** Up to here everything was handled. */
  readonly seq: number;
  /** Attempts at what comes next that failed; 0 after a success. */
  readonly attempts: number;
  /** Events up to this one come one at a time from now on; 0: as before. */
  readonly singleUntil: number;
  /** Wait before the next attempt, ms; 0: none. */
  readonly retryMs: number;
  /** Nothing more is tried, the channel is parked. `lastSeq`: the event that failed; of a range that was missed, the last one. */
  readonly parked: { readonly lastSeq: number; readonly error: string } | null;
}

/**
 * Writes cursors, each only while its lease is the newest of its partition: who writes holds the lease's row, so whoever takes the partition over comes
 * before or after it. A cursor never goes back. Says of each, in their order, whether it was written.
 */
export async function moveCursors(sql: Sql, consumer: string, moves: readonly CursorMove[]): Promise<boolean[]> {
  const tokens = new Map(moves.map(({ lease }) => [`${lease.partition}/${lease.token}`, lease]));
  const leases = [...tokens.values()];
  const rows = await sql.query<{ place: number }>(
    `-- consumer-move
     WITH ${computedOnce(
       'mine',
       `
       SELECT l.partition, l.token FROM consumer_leases l JOIN unnest($2::int[], $3::bigint[]) AS h (partition, token)
           ON h.partition = l.partition AND h.token = l.token
        WHERE l.consumer = $1 ORDER BY l.partition FOR SHARE OF l`,
     )},
     ${computedOnce(
       'moves',
       `
       SELECT m.* FROM unnest($4::text[], $5::text[], $6::int[], $7::bigint[], $8::bigint[], $9::int[], $10::bigint[], $11::float8[], $12::bigint[], $13::text[])
              WITH ORDINALITY AS m (app_id, channel_id, partition, token, seq, attempts, single_until, retry_ms, failed_seq, error, place)
         JOIN mine ON mine.partition = m.partition AND mine.token = m.token`,
     )},
     parked AS (
       INSERT INTO consumer_dead_letters (app_id, channel_id, consumer, seq, attempts, error)
       SELECT app_id, channel_id, $1, failed_seq, attempts, error FROM moves WHERE error IS NOT NULL
           ON CONFLICT (app_id, channel_id, consumer) DO NOTHING),
     written AS (
       INSERT INTO consumer_cursors AS k (app_id, channel_id, consumer, seq, attempts, single_until, retry_at)
       SELECT app_id, channel_id, $1, seq, attempts, single_until,
              CASE WHEN retry_ms > 0 THEN clock_timestamp() + make_interval(secs => retry_ms / 1000) END FROM moves ORDER BY app_id, channel_id
           ON CONFLICT (app_id, channel_id, consumer) DO UPDATE SET seq = excluded.seq, attempts = excluded.attempts, retry_at = excluded.retry_at,
             single_until = greatest(k.single_until, excluded.single_until)
        WHERE k.seq <= excluded.seq
       RETURNING k.app_id, k.channel_id)
     SELECT moves.place::int AS place FROM moves JOIN written w ON w.app_id = moves.app_id AND w.channel_id = moves.channel_id`,
    [
      consumer,
      leases.map(({ partition }) => partition),
      leases.map(({ token }) => token),
      moves.map(({ appId }) => appId),
      moves.map(({ channelId }) => channelId),
      moves.map(({ lease }) => lease.partition),
      moves.map(({ lease }) => lease.token),
      moves.map(({ seq }) => seq),
      moves.map(({ attempts }) => attempts),
      moves.map(({ singleUntil }) => singleUntil),
      moves.map(({ retryMs }) => retryMs),
      moves.map(({ parked }) => parked?.lastSeq ?? null),
      moves.map(({ parked }) => parked?.error ?? null),
    ],
  );
  const written = new Set(rows.map(({ place }) => place));
  return moves.map((_, index) => written.has(index + 1));
}
