import { AsyncLocalStorage } from 'node:async_hooks';
import type { CustomTypesConfig } from 'pg';
import { rowTypes } from './row-types.ts';

/** What the rows of one operation may take. */
export interface RowBudget {
  /** Counts the characters of a value that arrived; false: there is no room, and it shall not be kept. */
  take(characters: number): boolean;
  /** Counts the time that a statement took, in ms. */
  spend(ms: number): void;
  /** @throws what became of the budget when there was no room */
  check(): void;
}

/** Counts what statements bring while it arrives, for whoever began the work that runs them. */
export interface RowMeter {
  /** The statements that `work` runs on the pool are counted. Never put shared writes within: whoever breaks a budget would break them for all. */
  within<T>(budget: RowBudget, work: () => T): T;
  current(): RowBudget | undefined;
}

/** Rows are counted as they arrive, so memory never holds what would be refused: a statement may bring more than anybody foresaw. */
export function createRowMeter(): RowMeter {
  const budgets = new AsyncLocalStorage<RowBudget>();
  return {
    within: (budget, work) => budgets.run(budget, work),
    current: () => budgets.getStore(),
  };
}

/** How values arrive within a budget: as ever while there is room, as null after. */
export const meteredTypes = (budget: RowBudget): CustomTypesConfig => ({
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    // The driver types its own parsers as any: what they are given is text, or bytes.
    const parse = rowTypes.getTypeParser(oid, format) as (value: string | Buffer) => unknown;
    return (value: string | Buffer) => (budget.take(value.length) ? parse(value) : null);
  },
});
