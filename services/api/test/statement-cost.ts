import type { Db } from '../src/platform/db.ts';
import type { Sql } from '../src/platform/sql.ts';

interface PlanNode {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** The most rows that any step of a plan looked at, those that it threw away too. */
const mostLookedAt = (step: PlanNode): number => {
  const rows = step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0) + (step['Rows Removed by Join Filter'] ?? 0);
  return Math.max(rows * step['Actual Loops'], ...(step.Plans ?? []).map(mostLookedAt));
};

/** Runs the statements of `work`, which get no rows, and answers the most rows that any step of their plans looked at. */
export async function rowsLookedAt(db: Pick<Db, 'query'>, work: (sql: Sql) => Promise<unknown>): Promise<number> {
  const costs: number[] = [];
  await work({
    query: async (text, params) => {
      const plain = text.replace(/^-- .*\n/, '');
      const [row] = await db.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
        `EXPLAIN (ANALYZE, FORMAT JSON) ${plain}`,
        params,
      );
      costs.push(mostLookedAt(row?.['QUERY PLAN'][0]?.Plan ?? neverPlanned()));
      return [];
    },
  });
  return Math.max(...costs);
}

const neverPlanned = (): never => {
  throw new Error('a statement without a plan');
};
