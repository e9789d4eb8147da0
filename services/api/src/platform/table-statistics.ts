import type { Sql } from './sql.ts';

/** Tables that the hot statements look things up in. */
const tables = ['channels', 'channel_events', 'members', 'messages', 'users'] as const;
/** Fewer rows than these are no different for the planner from none. */
const someRows = 100;
/** From here on the server's own rhythm is soon enough: a table doubles no more within a minute. */
const manyRows = 200_000;

/**
 * Has the server look at tables that have doubled since it last did; resolves with their names. It does so by itself, but only after a minute or
 * so, and until then runs what it planned when they were empty, when one index was as good as any other.
 * @throws unavailable
 */
export async function analyseGrown(sql: Sql): Promise<readonly string[]> {
  const grown = await sql.query<{ name: (typeof tables)[number] }>(
    `SELECT c.relname AS name FROM unnest($1::text[]) AS t (name) JOIN pg_class c ON c.oid = to_regclass(t.name)
      WHERE pg_stat_get_live_tuples(c.oid) BETWEEN greatest(2 * c.reltuples, $2) AND $3 AND pg_has_role(c.relowner, 'USAGE')`,
    [tables, someRows, manyRows],
  );
  // One that another node has in hand is left to it.
  for (const { name } of grown) await sql.query(`ANALYZE (SKIP_LOCKED) ${name}`);
  return grown.map(({ name }) => name);
}
