import type { LoggedEvent } from '@parley/contracts';
import type { Sql } from './sql.ts';

/**
 * How rows of `channel_events` become events again: the log keeps places and ids (ADR 10), and who knows what stands there now is above the platform. First
 * the statement that reads rows selects `sql`, then `withUsers` completes them.
 */
export interface WholeEvents {
  /** SQL: the event of a row, as jsonb, which has what its message says now. `alias` is the row's name in the query. */
  readonly sql: (alias: string) => string;
  /** The events with their users as they are now, in the order given. One statement, none where nobody stands. */
  readonly withUsers: (sql: Sql, logs: readonly EventsOfApp[]) => Promise<readonly (readonly LoggedEvent[])[]>;
}

export interface EventsOfApp {
  readonly appId: string;
  readonly events: readonly LoggedEvent[];
}
