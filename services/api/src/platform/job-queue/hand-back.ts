import type { Db as BossDb, Job as Piece } from 'pg-boss';
import { jobSchema } from './schema.ts';

/**
 * For pg-boss to fail the attempt, as it does with whatever did not end well, before another node can begin the piece. It tells attempts apart by their
 * number, which stays: a failure that came even later would count against the next attempt, and the piece would be tried again.
 */
const restSeconds = 2;

/**
 * Puts a piece in hand back into its queue as if the attempt had not been: neither its number nor the wait after a failure grows. pg-boss has a statement
 * for it (`restore`), but no public call.
 */
export async function handBack(db: BossDb, name: string, { id, retryCount }: Pick<Piece, 'id' | 'retryCount'>) {
  // A piece without `started_on` does not count its next attempt.
  await db.executeSql(
    `UPDATE ${jobSchema}.job SET state = 'retry', started_on = NULL, heartbeat_on = NULL, start_after = now() + $4 * interval '1 second'
     WHERE name = $1 AND id = $2 AND state = 'active' AND retry_count = $3`,
    [name, id, retryCount, restSeconds],
  );
}
