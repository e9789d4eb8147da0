import type { Sql } from './sql.ts';

/**
 * SQL: the epoch of the log, a text. Positions of one epoch mean nothing in another: the log was set back in between, by a restored backup or by a
 * replica that had not heard of the last commits. It is made of what changes by itself then, so that nobody has to remember it at a failover: the timeline
 * (a promotion and a recovery to a point in time begin a new one), the server's own identifier and that of the database (another server, another
 * database); and of what is stored, for what shows in none of these, such as a disk that was put back. A standby has no say.
 * https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-TIMELINES
 */
export const epochSql = `(SELECT substr(md5(concat_ws('/', (SELECT epoch FROM log_epoch), (SELECT system_identifier FROM pg_control_system()),
  CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END,
  (SELECT oid FROM pg_database WHERE datname = current_database()))), 1, 16))`;

/** The epoch as this node knows it, for events that are published without asking the database. */
export interface LogEpoch {
  /** As of the newest connection, or the last look; empty before the first. */
  readonly current: string;
  /** Looks again. */
  look(sql: Sql): Promise<void>;
}

export function createLogEpoch(): LogEpoch {
  let current = '';
  return {
    get current() {
      return current;
    },
    async look(sql) {
      current = await readEpoch(sql);
    },
  };
}

export async function readEpoch(sql: Sql): Promise<string> {
  const [row] = await sql.query<{ epoch: string }>(`SELECT ${epochSql} AS epoch`);
  return row?.epoch ?? '';
}

/** Begins a new epoch: every client that knows a position loads a snapshot. Resolves with it. */
export async function beginEpoch(sql: Sql): Promise<string> {
  await sql.query(
    `INSERT INTO log_epoch DEFAULT VALUES ON CONFLICT (only_row) DO UPDATE SET epoch = gen_random_uuid(), begun_at = now()`,
  );
  return await readEpoch(sql);
}
