import type { Db as BossDb, PgBoss, SendOptions } from 'pg-boss';
import { jobSchema } from './schema.ts';

export interface OnceOptions extends Pick<SendOptions, 'startAfter'> {
  readonly key: string;
  /** A transaction; one of its own when absent. */
  readonly db?: BossDb;
}

/** How long a send waits for transactions that sent the same key and are still open. */
const lockTimeout = '5s';

/**
 * Sends a piece unless one of its key waits already: resolves with null then. The policies of pg-boss do not serve: they allow one piece without a key
 * as well, do not see a piece that waits to be tried again, and cannot be given to a queue that exists. So sends of a key take turns by an advisory lock,
 * which ends with the transaction: when that is rolled back, the next one is taken.
 */
export async function sendOnce(boss: PgBoss, name: string, data: object, { key, db, ...options }: OnceOptions) {
  const send = async (transaction: BossDb) => {
    await transaction.executeSql('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `${jobSchema} ${name} ${key}`,
    ]);
    const waiting = await boss.findJobs(name, { key, queued: true, limit: 1, db: transaction });
    return waiting.length > 0 ? null : await boss.send(name, data, { ...options, singletonKey: key, db: transaction });
  };
  if (db !== undefined) return await send(db);
  const own = await boss.getDb().beginTransaction?.();
  if (own === undefined) throw new Error('unable to send a job with a key; pg-boss has no connections of its own');
  try {
    await own.db.executeSql(`SET LOCAL lock_timeout = '${lockTimeout}'`);
    const id = await send(own.db);
    await own.commit();
    return id;
  } finally {
    await own.rollback();
  }
}
