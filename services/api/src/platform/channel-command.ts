import type { LoggedEvent } from '@parley/contracts';
import type { ChannelPatch, ChannelRow } from './channel-row.ts';
import type { Sql, Statement } from './sql.ts';

type DistributedOmit<T, Keys extends PropertyKey> = T extends unknown ? Omit<T, Keys> : never;
/** An event before the log gives it its place, its time and its channel. */
export type Draft<Event extends LoggedEvent = LoggedEvent> = DistributedOmit<Event, 'seq' | 'at' | 'channelId'>;

/** The locked channel, for a command with statements of its own. Several commands may share the transaction, one after the other. */
export interface ChannelTransaction {
  readonly sql: Sql;
  /** The row with everything that this command and earlier ones appended and patched. */
  readonly channel: ChannelRow;
  /** The database's time of this transaction, ISO 8601; that of every event appended in it. Never earlier than that of the event before. */
  readonly at: string;
  /** Puts the event at the end of the log: the next dense `seq`, `at`, `channelId`. A draft of a message takes `seq` from {@link nextSeq}. */
  append<Event extends LoggedEvent>(draft: Draft<Event>): Event;
  /** The seq that the next `append` will give. */
  readonly nextSeq: number;
  /** Changes the channel's row when the transaction ends. */
  patch(patch: ChannelPatch): void;
}

/** The locked channel, for a command that inserts a row and has no statements of its own. */
export interface InsertTransaction extends Pick<ChannelTransaction, 'at' | 'append' | 'nextSeq'> {
  readonly channel: Pick<ChannelRow, 'appId' | 'channelId'>;
  patch(patch: Pick<ChannelPatch, 'lastMessageAt'>): void;
}

/** Names a row of one app. */
export interface RowKey {
  readonly appId: string;
  readonly key: string;
}

/** A kind of rows that commands insert, so that one statement serves all commands of a transaction. */
export interface InsertedRows<Row> {
  /** Gives those of the keys that are taken, as rows of {@link RowKey}. */
  taken(keys: readonly RowKey[]): Statement;
  /** Stores all of the rows, or fails. Rows of two transactions may have the same key: it stores them in the order of their keys, so that neither waits in a circle. */
  insert(rows: readonly Row[]): Statement;
}

/** A command as one row to insert. */
export interface InsertForm<Row, T> {
  readonly rows: InsertedRows<Row>;
  /** Of the row, within its app. A command whose key is taken runs its statements instead. */
  readonly key: string;
  /** Free of outside effects; may run twice; throws to undo itself alone. */
  write(tx: InsertTransaction): { readonly row: Row; readonly value: T };
}

/** What somebody wants done to one channel. */
export interface ChannelCommand<T, Row = unknown> {
  /** Runs before the channel is locked, in the same transaction: makes sure that its row exists. */
  readonly prepare?: (sql: Sql) => Promise<unknown>;
  /** With it the command shares a transaction of two round trips with commands of other channels. */
  readonly insert?: InsertForm<Row, T>;
  /** Runs statements under the lock of the channel. Free of outside effects; may run twice; throws to undo itself alone. */
  run(tx: ChannelTransaction): Promise<T>;
}

/** In which form a command is carried out: as a row, with its statements beside others of its channel, or in a transaction of its own. */
export type CommandForm = 'insert' | 'statements' | 'alone';

/** The first form to try. */
export function formOf({ prepare, insert }: ChannelCommand<unknown, never>): CommandForm {
  if (prepare !== undefined) return 'alone';
  return insert === undefined ? 'statements' : 'insert';
}
