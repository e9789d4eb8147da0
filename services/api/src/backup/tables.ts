import type { ClientBase } from 'pg';

export interface BackupTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** What the database says of itself: its schema, who is online or at work just now, and the epoch of its log, which a copy must not have. */
const left = ['parley_migrations', 'presence_leases', 'consumer_runners', 'consumer_leases', 'log_epoch'];

/** The tables that a backup holds, those that others refer to first, with the columns that can be written. */
export async function tablesOf(client: ClientBase): Promise<readonly BackupTable[]> {
  const { rows } = await client.query<BackupTable & { readonly refersTo: readonly string[] }>(
    `SELECT t.table_name::text AS name,
        (SELECT array_agg(c.column_name::text ORDER BY c.ordinal_position) FROM information_schema.columns c
          WHERE c.table_schema = 'public' AND c.table_name = t.table_name AND c.is_generated = 'NEVER') AS columns,
        ARRAY(SELECT DISTINCT r.confrelid::regclass::text FROM pg_constraint r
          WHERE r.contype = 'f' AND r.conrelid = format('public.%I', t.table_name)::regclass AND r.confrelid <> r.conrelid) AS "refersTo"
       FROM information_schema.tables t
      WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND t.table_name <> ALL ($1) ORDER BY t.table_name`,
    [left],
  );
  const ordered: BackupTable[] = [];
  const waiting = [...rows];
  while (waiting.length > 0) {
    const free = waiting.findIndex(({ refersTo }) =>
      refersTo.every((other) => !waiting.some(({ name }) => name === other)),
    );
    // Tables that refer to each other would need constraints that can wait; there are none.
    const [next] = waiting.splice(Math.max(free, 0), 1);
    if (next !== undefined) ordered.push({ name: next.name, columns: next.columns });
  }
  return ordered;
}

/** Names of the migrations that made the schema, in their order; none for a database without one. */
export async function migrationsOf(client: ClientBase): Promise<readonly string[]> {
  const { rows: found } = await client.query<{ has: boolean }>(
    `SELECT to_regclass('public.parley_migrations') IS NOT NULL AS has`,
  );
  if (found[0]?.has !== true) return [];
  const { rows } = await client.query<{ name: string }>('SELECT name FROM parley_migrations ORDER BY id');
  return rows.map(({ name }) => name);
}
