import type { ChannelTransaction, ChannelWork } from './channel-log.ts';
import type { ChannelPatch } from './channel-row.ts';
import type { Statement } from './sql.ts';

/** Names a row of one app. */
export interface BulkKey {
  readonly appId: string;
  readonly key: string;
}

/** A kind of rows that works insert, so that one statement can do it for all works of a transaction. */
export interface BulkRows<Row> {
  /** Gives those of the keys that are taken, as rows of {@link BulkKey}. */
  taken(keys: readonly BulkKey[]): Statement;
  /** Stores all of the rows, or fails. Rows of two transactions may have the same key: it stores them in the order of their keys, so that neither waits in a circle. */
  insert(rows: readonly Row[]): Statement;
}

/** What a work may do to its channel when it has no statements of its own. */
export interface BulkTransaction extends Pick<ChannelTransaction, 'at' | 'append' | 'nextSeq'> {
  readonly channel: Pick<ChannelTransaction['channel'], 'appId' | 'channelId'>;
  patch(patch: Pick<ChannelPatch, 'lastMessageAt'>): void;
}

/** A work that inserts one row and needs nothing else of the database, so that it can share a transaction with works of other channels. */
export interface BulkWork<Row, T> {
  readonly rows: BulkRows<Row>;
  /** Of the row, within its app. */
  readonly key: string;
  /** Free of outside effects; may run twice; throws to undo itself alone. */
  write(tx: BulkTransaction): { readonly row: Row; readonly value: T };
  /** The same with statements of its own, for when the key turns out to be taken. */
  readonly otherwise: ChannelWork<T>;
}
