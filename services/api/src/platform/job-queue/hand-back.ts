import type { Db as BossDb, Job as Piece } from 'pg-boss';
import { jobSchema } from './schema.ts';

/**
 * Puts a piece in hand back into its queue at once, without the attempt counting against `retryLimit`. pg-boss has no call for it: each piece that does
 * not end well is a failed attempt there. `retry_count` still rises with the next attempt, since pg-boss tells by it which attempt settles a piece; so
 * nothing that this node says later reaches the attempt of another one.
 */
export async function handBack(db: BossDb, name: string, { id, retryCount }: Pick<Piece, 'id' | 'retryCount'>) {
  await db.executeSql(
    `UPDATE ${jobSchema}.job SET state = 'retry', retry_limit = retry_limit + 1, start_after = now(), heartbeat_on = NULL
     WHERE name = $1 AND id = $2 AND state = 'active' AND retry_count = $3`,
    [name, id, retryCount],
  );
}
