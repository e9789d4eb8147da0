import type { DateTime } from '@parley/contracts';
import type { Sql } from './sql.ts';

/** Time as the database has it: the one clock that all nodes share, and that stamps whatever is compared with. */
export interface DatabaseTime {
  /** Milliseconds since 1970. Goes on evenly, whatever is done to the clock of this machine. */
  now(): number;
  /** Asks the database again, since two clocks drift apart. */
  compare(): Promise<void>;
}

/** A node whose own clock is wrong would refuse tokens that are good, or take such as are over. @throws unavailable */
export async function readDatabaseTime(sql: Sql): Promise<DatabaseTime> {
  let ahead = 0;
  const compare = async (): Promise<void> => {
    const askedAt = performance.now();
    const [row] = await sql.query<{ ms: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
    );
    if (row !== undefined) ahead = row.ms - (askedAt + performance.now()) / 2;
  };
  await compare();
  return { now: () => performance.now() + ahead, compare };
}

/** What rows written now are stamped with. */
export async function databaseNow(sql: Sql): Promise<DateTime> {
  const [row] = await sql.query<{ at: DateTime }>('SELECT now()::timestamptz(3) AS at');
  return row?.at ?? new Date(0).toISOString();
}
