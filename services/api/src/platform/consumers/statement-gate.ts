import type { Sql } from '../sql.ts';

/** As `sql`, with at most so many statements at once: who reads the log in the background leaves the connections to those who wait for an answer. */
export function createStatementGate(sql: Sql, most: number): Sql {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    async query<Row>(text: string, params?: readonly unknown[]): Promise<Row[]> {
      if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      else running += 1;
      try {
        return await sql.query<Row>(text, params);
      } finally {
        // Whoever waits takes the place over.
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
