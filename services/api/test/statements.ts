import { AsyncLocalStorage } from 'node:async_hooks';
import type { Db } from '../src/platform/db.ts';

/** Separates the statements of one piece of work from those of a node's jobs, which run beside it. */
export interface StatementCounter {
  /** The statements that `work` makes the node run, in order, and what it resolved with. */
  during<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly statements: readonly string[] }>;
  /** Counts `work`, begun by something else, as part of what is being counted now. */
  asPart<T>(work: () => T): T;
}

export function createStatementCounter(db: Pick<Db, 'onStatement'>): StatementCounter {
  const counted = new AsyncLocalStorage<string[]>();
  let current: string[] | null = null;
  return {
    async during(work) {
      const statements: string[] = [];
      const unsubscribe = db.onStatement((text) => {
        if (counted.getStore() === statements) statements.push(text);
      });
      current = statements;
      try {
        return { value: await counted.run(statements, work), statements };
      } finally {
        current = null;
        unsubscribe();
      }
    },
    asPart: (work) => (current === null ? work() : counted.run(current, work)),
  };
}
