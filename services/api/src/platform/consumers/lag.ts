import type { Sql } from '../sql.ts';
import type { BehindChannel } from './behind-channels.ts';
import type { LeaseToken } from './leases-repository.ts';

/** How far one partition is behind. */
export interface PartitionLag {
  events: number;
  /** Time of the oldest event that waits, ISO 8601. */
  since: string | null;
}

/** Adds up what a look at all channels finds. A channel that is parked waits for somebody, so it is counted apart. */
export function addLag(lags: Map<number, PartitionLag>, { partition, lag, since, parked }: BehindChannel): void {
  if (parked) return;
  const sum = lags.get(partition) ?? { events: 0, since: null };
  sum.events += lag;
  if (since !== null && (sum.since === null || Date.parse(since) < Date.parse(sum.since))) sum.since = since;
  lags.set(partition, sum);
}

/** Stores what was found of the partitions, so that every node can tell of the whole consumer. */
export async function storeLag(
  sql: Sql,
  consumer: string,
  held: readonly LeaseToken[],
  lags: ReadonlyMap<number, PartitionLag>,
): Promise<void> {
  await sql.query(
    `UPDATE consumer_leases l SET lag_events = h.events, lag_since = h.since, measured_at = clock_timestamp()
       FROM unnest($2::int[], $3::bigint[], $4::bigint[], $5::timestamptz[]) AS h (partition, token, events, since)
      WHERE l.consumer = $1 AND l.partition = h.partition AND l.token = h.token`,
    [
      consumer,
      held.map(({ partition }) => partition),
      held.map(({ token }) => token),
      held.map(({ partition }) => lags.get(partition)?.events ?? 0),
      held.map(({ partition }) => lags.get(partition)?.since ?? null),
    ],
  );
}

/** A consumer as a whole, whatever node works on it. */
export interface ConsumerStatus {
  readonly consumer: string;
  /** Events that wait, of channels that are not parked. */
  readonly lagEvents: number;
  /** Age of the oldest of them. */
  readonly lagMs: number;
  /** How long ago somebody last looked at all of it. */
  readonly unseenMs: number;
  /** Channels in which it is parked; 1,000 stands for more. */
  readonly parked: number;
}

/** Counting more would tell nobody anything. */
const mostParked = 1_000;

export function readStatus(sql: Sql, consumers: readonly string[]): Promise<ConsumerStatus[]> {
  return sql.query<ConsumerStatus>(
    `SELECT l.consumer, sum(l.lag_events)::bigint AS "lagEvents",
            coalesce(greatest(0, extract(epoch FROM clock_timestamp() - min(l.lag_since)) * 1000), 0)::float8 AS "lagMs",
            greatest(0, extract(epoch FROM clock_timestamp() - min(l.measured_at)) * 1000)::float8 AS "unseenMs",
            (SELECT count(*)::int FROM (SELECT FROM consumer_dead_letters WHERE consumer = l.consumer LIMIT ${mostParked}) d) AS parked
       FROM consumer_leases l WHERE l.consumer = ANY ($1) GROUP BY l.consumer ORDER BY l.consumer`,
    [consumers],
  );
}
