import { type LoggedEvent, ParleyError } from '@parley/contracts';
import type { ChannelPatch, ChannelRow } from './channel-row.ts';
import { openChannel } from './channel-transaction.ts';
import type { Db } from './db.ts';
import type { EventPublisher } from './event-publisher.ts';
import { commitTogether, type PendingWork } from './group-commit.ts';
import { readHeads, readLog } from './log-reader.ts';
import { pruneLogs } from './retention.ts';
import type { Sql } from './sql.ts';

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

/** A page of a channel's log, in order. */
export interface LogPage {
  readonly head: number;
  /** Events up to this one are pruned. */
  readonly floor: number;
  readonly events: readonly LoggedEvent[];
}

/** The send path: the only way into a channel's log. */
export interface ChannelLog {
  /**
   * Runs `work` with the channel's row locked, commits, then publishes what it appended. Works that arrive while the channel is busy share the
   * next transaction, so `work` must be free of outside effects and may run twice; it throws to undo itself alone.
   * @throws not_found (no such channel, or deleted), unavailable (nothing was written), timeout (the outcome is unknown)
   */
  write<T>(appId: string, channelId: string, work: ChannelWork<T>): Promise<T>;
  /** As `write`, in a transaction of its own that begins with `insert`, which makes sure that the channel's row exists. */
  create<T>(appId: string, channelId: string, insert: (sql: Sql) => Promise<unknown>, work: ChannelWork<T>): Promise<T>;
  /** Events after `after`, cut by count and bytes. Reads a deleted channel's log too. @throws not_found */
  read(appId: string, channelId: string, after: number, limit: number): Promise<LogPage>;
  /** The heads, in the order asked for; null for a deleted or unknown channel. */
  heads(channels: readonly { readonly appId: string; readonly channelId: string }[]): Promise<(number | null)[]>;
  /** Deletes events older than `days`, raising the floor; resolves with the count of those deleted. Messages stay. */
  prune(days: number): Promise<number>;
  /** Waits for works in hand and for what waits to be published. Refuses new ones. */
  close(): Promise<void>;
}

/** Works of one channel in one transaction; more would hold the lock for too long. */
const worksTogether = 64;
/** Works that wait for one channel on this node, past which it sheds load: at a commit of a few milliseconds these wait for about a second. */
const worksWaiting = 2_000;

interface ChannelLogDependencies {
  readonly db: Db;
  readonly publisher: EventPublisher;
  /** How long a work waits for its turn, ms; 4,000 when absent. With a database that hangs, each turn takes as long as its deadline allows. */
  readonly patienceMs?: number;
  /** Works that wait on this node for any channel; 20,000 when absent. */
  readonly worksWaitingInAll?: number;
}

export function createChannelLog({
  db,
  publisher,
  patienceMs = 4_000,
  worksWaitingInAll = 20_000,
}: ChannelLogDependencies): ChannelLog {
  const lanes = new Map<string, PendingWork[]>();
  let waitingInAll = 0;
  const running = new Set<Promise<unknown>>();
  let closed = false;

  const track = <T>(promise: Promise<T>): Promise<T> => {
    const done = promise.catch(() => undefined).finally(() => running.delete(done));
    running.add(done);
    return promise;
  };

  const nextWorks = (channelId: string, waiting: PendingWork[]): readonly PendingWork[] => {
    const latest = performance.now() - patienceMs;
    const fresh = waiting.findIndex(({ since }) => since >= latest);
    const late = waiting.splice(0, fresh < 0 ? waiting.length : fresh);
    for (const { reject } of late) reject(overloaded(channelId));
    const works = waiting.splice(0, worksTogether);
    waitingInAll -= late.length + works.length;
    return works;
  };

  const drain = async (lane: string, appId: string, channelId: string, waiting: PendingWork[]) => {
    while (waiting.length > 0) {
      const works = nextWorks(channelId, waiting);
      if (works.length > 0) await commitTogether({ db, appId, channelId, onCommitted: publisher.committed }, works);
    }
    lanes.delete(lane);
  };

  const enqueue = (appId: string, channelId: string, pending: PendingWork) => {
    // Neither id can hold a slash.
    const lane = `${appId}/${channelId}`;
    const waiting = lanes.get(lane);
    if (waitingInAll >= worksWaitingInAll || (waiting?.length ?? 0) >= worksWaiting)
      return pending.reject(overloaded(channelId));
    waitingInAll += 1;
    if (waiting !== undefined) return void waiting.push(pending);
    const first = [pending];
    lanes.set(lane, first);
    void track(drain(lane, appId, channelId, first));
  };

  return {
    async write<T>(appId: string, channelId: string, work: ChannelWork<T>): Promise<T> {
      if (closed) throw stopping();
      return await new Promise<T>((resolve, reject) => {
        // Resolved with what this very work returned, which the lane does not know the type of.
        enqueue(appId, channelId, { work, since: performance.now(), resolve: (value) => resolve(value as T), reject });
      });
    },
    async create(appId, channelId, insert, work) {
      if (closed) throw stopping();
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
    read: (appId, channelId, after, limit) => readLog(db, appId, channelId, after, limit),
    heads: (channels) => readHeads(db, channels),
    prune: (days) => pruneLogs(db, days),
    async close() {
      closed = true;
      while (running.size > 0) await Promise.all(running);
      await publisher.drain();
    },
  };
}

const overloaded = (channelId: string) =>
  new ParleyError('unavailable', `unable to write to channel ${channelId}; too many writes wait, or for too long`, {
    retryAfterMs: 1_000,
  });

const stopping = () =>
  new ParleyError('unavailable', 'unable to write; the server is stopping', { retryAfterMs: 1_000 });
