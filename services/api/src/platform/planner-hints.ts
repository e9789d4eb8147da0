/*
 * Every hint that a statement of the API gives PostgreSQL's planner, with its reason. Plans must not depend on statistics: a table that has just grown has
 * none yet (see table-statistics.ts), the planner takes it for tiny, and a plan that is right for ten rows reads millions. Each hint changes the plan
 * alone, never the answer.
 */

/**
 * A subquery that stays whole: it is run as it is written, for each row that stands before it, when it is LATERAL. Without OFFSET 0 the planner may merge it
 * with what is around. It then may start a join with the table that is to be looked up by its key, and read all of it; and it repeats an expression of
 * the subquery, such as the JSON of an event, in each place that uses it.
 */
export const fenced = (select: string): string => `(${select} OFFSET 0)`;

/**
 * A subquery for the one row of a unique key, or a scalar. LIMIT 1 fences it as OFFSET 0 does, and says that the first row is enough: EXISTS and a plain
 * join would let the planner read the whole table beforehand.
 */
export const oneRow = (select: string): string => `(${select} LIMIT 1)`;

/**
 * A member of a WITH list that is computed once, before what uses it. PostgreSQL inlines a member that is used once, and then cuts the page or counts the
 * members after it has joined and rendered, or recomputes them for each row.
 */
export const computedOnce = (name: string, select: string): string => `${name} AS MATERIALIZED (${select})`;

/**
 * The parameters $1, $2 … of these types as the columns of rows, in a prepared statement. The planner does not see how long the lists are: else it makes a
 * plan for each list anew, because one for this list promises to be cheaper than the general one. Planning takes longer than such a statement runs.
 */
export const unnestUnseen = (...types: readonly string[]): string =>
  `unnest(${types.map((type, index) => `(SELECT $${index + 1}::${type}[])`).join(', ')})`;
