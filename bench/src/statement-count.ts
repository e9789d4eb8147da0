import type { Client } from 'pg';

/** How often each statement was run since the last {@link resetStatements}, by its text. */
export type StatementCounts = ReadonlyMap<string, number>;

/** Settings under which PostgreSQL counts the statements that it is sent. */
export const countingSettings = { shared_preload_libraries: 'pg_stat_statements' } as const;

/** Once, with `countingSettings`. */
export const prepareCounting = async (sql: Client): Promise<void> =>
  void (await sql.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements'));

/** What the database was sent so far by anybody but this function. BEGIN and COMMIT count as well. */
export async function statementCounts(sql: Client): Promise<StatementCounts> {
  const { rows } = await sql.query<{ query: string; calls: string }>(
    `SELECT query, sum(calls) AS calls FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' GROUP BY query`,
  );
  return new Map(rows.map(({ query, calls }) => [query, Number(calls)]));
}

/** What was run between two counts, most often first. */
export function statementsBetween(
  before: StatementCounts,
  after: StatementCounts,
): readonly { readonly query: string; readonly calls: number }[] {
  return [...after]
    .map(([query, calls]) => ({
      query: query.replaceAll(/\s+/g, ' '),
      calls: calls - (before.get(query) ?? 0),
    }))
    .filter(({ calls }) => calls > 0)
    .sort((one, other) => other.calls - one.calls);
}
