import { type LoggedEvent, ParleyError } from '@parley/contracts';
import type { StallGuard } from '@parley/service-kit';
import type { BulkWork } from './bulk-work.ts';
import type { ChannelPatch, ChannelRow } from './channel-row.ts';
import { openChannel } from './channel-transaction.ts';
import type { Db } from './db.ts';
import type { EventPublisher } from './event-publisher.ts';
import { type Heads, readHeads } from './log-heads.ts';
import { pruneLogs } from './retention.ts';
import type { Sql } from './sql.ts';
import { createWriteScheduler } from './write-scheduler.ts';

type DistributedOmit<T, Keys extends PropertyKey> = T extends unknown ? Omit<T, Keys> : never;
/** An event before the log gives it its place, its time and its channel. */
export type Draft<Event extends LoggedEvent = LoggedEvent> = DistributedOmit<Event, 'seq' | 'at' | 'channelId'>;

/** Work on one channel whose row is locked. Several works may share the transaction, one after the other. */
export interface ChannelTransaction {
  readonly sql: Sql;
  /** As it stands now: what `append` and `patch` of this and of earlier works did is in it. */
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

export type ChannelWork<T> = (tx: ChannelTransaction) => Promise<T>;

/** The send path: the only way into a channel's log. */
export interface ChannelLog {
  /**
   * Runs `work` with the channel's row locked, commits, then publishes what it appended. Works that arrive while the channel is busy share the
   * next transaction, so `work` must be free of outside effects and may run twice; it throws to undo itself alone.
   * @throws not_found (no such channel, or deleted), unavailable (nothing was written), timeout (the outcome is unknown)
   */
  write<T>(appId: string, channelId: string, work: ChannelWork<T>): Promise<T>;
  /** As `write`, together with works of other channels, at a constant number of statements for all of them. @throws as `write` */
  insert<Row, T>(appId: string, channelId: string, work: BulkWork<Row, T>): Promise<T>;
  /** As `write`, in a transaction of its own that begins with `insert`, which makes sure that the channel's row exists. */
  create<T>(appId: string, channelId: string, insert: (sql: Sql) => Promise<unknown>, work: ChannelWork<T>): Promise<T>;
  heads(channels: readonly { readonly appId: string; readonly channelId: string }[]): Promise<Heads>;
  /** Deletes events older than `days`, raising the floor; resolves with the count of those deleted. Messages stay. */
  prune(days: number): Promise<number>;
  /** Waits for works in hand and for what waits to be published. Refuses new ones. */
  close(): Promise<void>;
}

interface ChannelLogDependencies {
  readonly db: Db;
  readonly publisher: EventPublisher;
  /** Looked at again here: the node may have stood still after the request was let in, while it was asked what its caller may. */
  readonly stall: Pick<StallGuard, 'admit'>;
  /** How long a work waits for its turn, ms; 1,700 when absent: with the 3 s that a turn then waits for a lock it is answered within 5 s. */
  readonly patienceMs?: number;
  /** Works that wait on this node for any channel; 20,000 when absent. */
  readonly worksWaitingInAll?: number;
  /** Most transactions at once that may wait for the row of a channel that somebody else holds; 10 when absent. Fewer than there are connections. */
  readonly ownTransactions?: number;
}

export function createChannelLog({
  db,
  publisher,
  stall,
  patienceMs = 1_700,
  worksWaitingInAll = 20_000,
  ownTransactions = 10,
}: ChannelLogDependencies): ChannelLog {
  const onCommitted = publisher.committed;
  const scheduler = createWriteScheduler({ db, onCommitted, patienceMs, worksWaitingInAll, ownTransactions });
  const creations = new Set<Promise<unknown>>();
  let closed = false;

  const track = <T>(promise: Promise<T>): Promise<T> => {
    const done = promise.catch(() => undefined).finally(() => creations.delete(done));
    creations.add(done);
    return promise;
  };

  const added = <T>(
    appId: string,
    channelId: string,
    work: ChannelWork<T>,
    bulk: BulkWork<unknown, T> | null,
  ): Promise<T> => {
    if (closed) return Promise.reject(stopping());
    return new Promise<T>((resolve, reject) => {
      stall.admit();
      // Resolved with what this very work returned, which the scheduler does not know the type of.
      scheduler.add(appId, channelId, { work, bulk, resolve: (value) => resolve(value as T), reject });
    });
  };

  return {
    write: (appId, channelId, work) => added(appId, channelId, work, null),
    // Rows go from the work to its own kind of rows, which know their type.
    insert: (appId, channelId, work) => added(appId, channelId, work.otherwise, work as BulkWork<unknown, never>),
    async create(appId, channelId, insert, work) {
      if (closed) throw stopping();
      stall.admit();
      const creation = db.transaction(async (sql) => {
        await insert(sql);
        const channel = await openChannel(sql, appId, channelId);
        const value = await channel.run(work);
        return { value, batch: await channel.finish() };
      });
      const { value, batch } = await track(creation);
      if (batch !== null) publisher.committed(batch);
      return value;
    },
    heads: (channels) => readHeads(db, channels),
    prune: (days) => pruneLogs(db, days),
    async close() {
      closed = true;
      await scheduler.idle();
      await Promise.all(creations);
      await publisher.drain();
    },
  };
}

const stopping = () =>
  new ParleyError('unavailable', 'unable to write; the server is stopping', { retryAfterMs: 1_000 });
