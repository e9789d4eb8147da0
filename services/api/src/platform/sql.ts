/** The text of a statement with what fills its placeholders. */
export interface Statement {
  readonly text: string;
  readonly params: readonly unknown[];
}

/**
 * Runs statements: on the pool, or inside one transaction. `bigint` arrives as a number, `timestamptz` as ISO 8601 with milliseconds in UTC
 * (the `DateTime` of the contracts), `jsonb` parsed, arrays as arrays. A text whose first line is a comment of one word, as in `-- send`, is prepared
 * once on each connection under that name; there is one text of each name. Hints to the planner are in planner-hints.ts.
 */
export interface Sql {
  /** @throws unavailable when the database cannot be reached or takes too long; other faults of the database as they are. */
  query<Row>(text: string, params?: readonly unknown[]): Promise<Row[]>;
}
