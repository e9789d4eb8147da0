import type { Sql } from '../sql.ts';
import type { Consumer } from './define-consumer.ts';
import { partitions } from './partition.ts';

/** Names what a node holds: nobody else has had the partition since as long as the token is this one. */
export interface LeaseToken {
  readonly partition: number;
  readonly token: number;
}

interface RunnerKey {
  readonly consumer: string;
  readonly runnerId: string;
}

/** Makes sure that the consumer has its rows; one that has been here before keeps where it began. */
export async function register(sql: Sql, { name, start }: Pick<Consumer, 'name' | 'start'>): Promise<void> {
  await sql.query('INSERT INTO consumers (consumer, start_at) VALUES ($1, $2) ON CONFLICT (consumer) DO NOTHING', [
    name,
    start,
  ]);
  await sql.query(
    `INSERT INTO consumer_leases (consumer, partition) SELECT $1, n FROM generate_series(0, ${partitions - 1}) n
       ON CONFLICT (consumer, partition) DO NOTHING`,
    [name],
  );
}

/** Says that the runner lives for `ms` more; resolves with the count of those that live, itself included. */
export async function announce(sql: Sql, { consumer, runnerId }: RunnerKey, ms: number): Promise<number> {
  const [row] = await sql.query<{ others: number }>(
    `WITH me AS (INSERT INTO consumer_runners (consumer, runner_id, expires_at)
         VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3::float8 / 1000))
         ON CONFLICT (consumer, runner_id) DO UPDATE SET expires_at = excluded.expires_at),
     dead AS (SELECT runner_id FROM consumer_runners WHERE consumer = $1 AND expires_at < clock_timestamp() AND runner_id <> $2 FOR UPDATE SKIP LOCKED),
     gone AS (DELETE FROM consumer_runners r USING dead d WHERE r.consumer = $1 AND r.runner_id = d.runner_id)
     SELECT count(*)::int AS others FROM consumer_runners
      WHERE consumer = $1 AND runner_id <> $2 AND expires_at >= clock_timestamp()`,
    [consumer, runnerId, ms],
  );
  return 1 + (row?.others ?? 0);
}

/** Keeps the leases for `ms` more; resolves with the partitions that nobody else has taken meanwhile. Rows are locked in one order, as by whoever writes cursors. */
export async function renew(
  sql: Sql,
  consumer: string,
  held: readonly LeaseToken[],
  ms: number,
): Promise<readonly number[]> {
  const rows = await sql.query<{ partition: number }>(
    `WITH mine AS (SELECT l.partition FROM consumer_leases l JOIN unnest($2::int[], $3::bigint[]) AS h (partition, token)
           ON h.partition = l.partition AND h.token = l.token
         WHERE l.consumer = $1 ORDER BY l.partition FOR NO KEY UPDATE OF l)
     UPDATE consumer_leases l SET expires_at = clock_timestamp() + make_interval(secs => $4::float8 / 1000)
       FROM mine WHERE l.consumer = $1 AND l.partition = mine.partition RETURNING l.partition`,
    [consumer, held.map(({ partition }) => partition), held.map(({ token }) => token), ms],
  );
  return rows.map(({ partition }) => partition);
}

/** Takes up to `most` leases that nobody holds, or that are over, or that the runner itself has forgotten. */
export function claim(
  sql: Sql,
  { consumer, runnerId }: RunnerKey,
  { held, most, ms }: { readonly held: readonly number[]; readonly most: number; readonly ms: number },
): Promise<LeaseToken[]> {
  return sql.query<LeaseToken>(
    `WITH free AS (SELECT partition FROM consumer_leases
         WHERE consumer = $1 AND partition <> ALL ($3::int[]) AND (runner_id IS NULL OR runner_id = $2 OR expires_at < clock_timestamp())
         ORDER BY partition LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED)
     UPDATE consumer_leases l SET runner_id = $2, token = l.token + 1, expires_at = clock_timestamp() + make_interval(secs => $5::float8 / 1000)
       FROM free WHERE l.consumer = $1 AND l.partition = free.partition RETURNING l.partition, l.token`,
    [consumer, runnerId, held, most, ms],
  );
}

/** Lets others have them at once. */
export async function release(sql: Sql, consumer: string, held: readonly LeaseToken[]): Promise<void> {
  await sql.query(
    `UPDATE consumer_leases l SET runner_id = NULL, expires_at = '-infinity' FROM unnest($2::int[], $3::bigint[]) AS h (partition, token)
      WHERE l.consumer = $1 AND l.partition = h.partition AND l.token = h.token`,
    [consumer, held.map(({ partition }) => partition), held.map(({ token }) => token)],
  );
}

/** The runner is counted no more. */
export async function leave(sql: Sql, { consumer, runnerId }: RunnerKey): Promise<void> {
  await sql.query('DELETE FROM consumer_runners WHERE consumer = $1 AND runner_id = $2', [consumer, runnerId]);
}
