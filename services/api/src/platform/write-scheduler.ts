import { ParleyError } from '@parley/contracts';
import { type BulkItem, commitBulk, type WhenLocked } from './bulk-commit.ts';
import type { BulkWork } from './bulk-work.ts';
import type { Db } from './db.ts';
import type { EventBatch } from './event-batch.ts';
import { commitTogether, type PendingWork } from './group-commit.ts';

/** What a caller waits for: `bulk` until it turns out that it has to be run by itself, with `work`. */
interface Waiting extends PendingWork {
  readonly bulk: BulkWork<unknown, unknown> | null;
  /** On the clock of `performance.now()`, ms. */
  readonly since: number;
}

/** The works of one channel, in their order. At most one transaction at a time has some of them in hand. */
interface Lane {
  readonly key: string;
  readonly appId: string;
  readonly channelId: string;
  readonly waiting: Waiting[];
}

/** A work on its way into a joint transaction. */
interface Item extends BulkItem {
  readonly lane: Lane;
  readonly pending: Waiting;
}

export interface WriteScheduler {
  /** Answers by `resolve` or `reject` of the request, never by throwing. */
  add(appId: string, channelId: string, request: Omit<Waiting, 'since'>): void;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
}

export interface WriteSchedulerDependencies {
  readonly db: Db;
  readonly onCommitted: (batch: EventBatch) => void;
  /** How long a work waits for its turn, ms. */
  readonly patienceMs: number;
  readonly worksWaitingInAll: number;
  /** Most transactions at once of one channel each, which may wait for its row; the rest of the connections stays free for others. */
  readonly ownTransactions: number;
}

/** Works in one transaction; more would hold the locks for too long. */
const worksTogether = 64;
/** Works that wait for one channel on this node, past which it sheds load: at a commit of a few milliseconds these wait for about a second. */
const worksWaiting = 2_000;
/** A channel whose row another node held is written by transactions of its own, which wait for the row, for so long: it is being written there as well. */
const apartMs = 1_000;
/** Joint transactions at once: one waits for the disk while the other is put together. */
const jointTransactions = 2;

/**
 * Brings works to the database: those that only insert, of as many channels as wait, in joint transactions; others in transactions of their channel.
 * Channels take turns, so a busy one takes no more than its share from the others.
 */
export function createWriteScheduler(dependencies: WriteSchedulerDependencies): WriteScheduler {
  const { db, onCommitted, patienceMs, worksWaitingInAll, ownTransactions } = dependencies;
  const lanes = new Map<string, Lane>();
  const forJoint: Lane[] = [];
  const forOwn: Lane[] = [];
  /** Channels that are kept apart, and until when; oldest first. On the clock of `performance.now()`, ms. */
  const apart = new Map<string, number>();
  const running = new Set<Promise<void>>();
  let joint = 0;
  let own = 0;
  let waitingInAll = 0;
  let begun = false;

  const keepApart = ({ key }: Lane) => {
    const now = performance.now();
    for (const [other, until] of apart) {
      if (until > now) break;
      apart.delete(other);
    }
    apart.delete(key);
    apart.set(key, now + apartMs);
  };
  const isApart = ({ key }: Lane) => (apart.get(key) ?? 0) > performance.now();

  /** Puts a lane that is in nobody's hands where its next transaction takes it from. */
  const queue = (lane: Lane) => {
    if (lane.waiting.length === 0) lanes.delete(lane.key);
    else (isBulk(lane.waiting[0]) && !isApart(lane) ? forJoint : forOwn).push(lane);
  };

  const take = (lane: Lane, most: number): readonly Waiting[] => {
    const latest = performance.now() - patienceMs;
    const fresh = lane.waiting.findIndex(({ since }) => since >= latest);
    const late = lane.waiting.splice(0, fresh < 0 ? lane.waiting.length : fresh);
    for (const { reject } of late) reject(overloaded(lane.channelId));
    const bulk = isBulk(lane.waiting[0]);
    const other = lane.waiting.findIndex((pending) => isBulk(pending) !== bulk);
    const taken = lane.waiting.splice(0, Math.min(most, other < 0 ? lane.waiting.length : other));
    waitingInAll -= late.length + taken.length;
    return taken;
  };

  const putBack = (lane: Lane, works: readonly Waiting[]) => {
    lane.waiting.unshift(...works);
    waitingInAll += works.length;
  };

  const runTogether = async (taken: readonly Lane[]) => {
    const share = Math.max(1, Math.floor(worksTogether / taken.length));
    const items = taken.flatMap((lane) => take(lane, share).flatMap((pending) => itemOf(lane, pending)));
    if (items.length > 0) await commitItems(items, 'pass');
    for (const lane of taken) queue(lane);
  };

  const commitItems = async (items: readonly Item[], locked: WhenLocked) => {
    try {
      const { outcomes, passed, batches } = await commitBulk(db, items, locked);
      for (const batch of batches) onCommitted(batch);
      const again = new Map<Lane, Waiting[]>();
      const later = (lane: Lane, pending: Waiting) => again.set(lane, [...(again.get(lane) ?? []), pending]);
      for (const { item, outcome } of outcomes) {
        if (outcome.kind === 'done') item.pending.resolve(outcome.value);
        else if (outcome.kind === 'failed') item.pending.reject(outcome.fault);
        else later(item.lane, { ...item.pending, bulk: null });
      }
      for (const { lane, pending } of passed) {
        keepApart(lane);
        later(lane, pending);
      }
      for (const [lane, works] of again) putBack(lane, works);
    } catch (fault) {
      for (const { pending } of items) pending.reject(fault);
    }
  };

  const runAlone = async (lane: Lane) => {
    const works = take(lane, worksTogether);
    const { appId, channelId } = lane;
    if (isBulk(works[0]))
      await commitItems(
        works.flatMap((pending) => itemOf(lane, pending)),
        'wait',
      );
    else if (works.length > 0) await commitTogether({ db, appId, channelId, onCommitted }, works);
    queue(lane);
  };

  const start = (work: Promise<void>) => {
    const done = work.finally(() => {
      running.delete(done);
      startSome();
    });
    running.add(done);
  };

  const startSome = () => {
    begun = false;
    while (forOwn.length > 0 && own < ownTransactions) {
      const [lane] = forOwn.splice(0, 1);
      own += 1;
      if (lane !== undefined)
        start(
          runAlone(lane).finally(() => {
            own -= 1;
          }),
        );
    }
    while (forJoint.length > 0 && joint < jointTransactions) {
      joint += 1;
      start(
        runTogether(forJoint.splice(0, worksTogether)).finally(() => {
          joint -= 1;
        }),
      );
    }
  };

  return {
    add(appId, channelId, request) {
      // Neither id can hold a slash.
      const key = `${appId}/${channelId}`;
      const lane = lanes.get(key);
      if (waitingInAll >= worksWaitingInAll || (lane?.waiting.length ?? 0) >= worksWaiting)
        return request.reject(overloaded(channelId));
      waitingInAll += 1;
      const pending = { ...request, since: performance.now() };
      if (lane !== undefined) {
        lane.waiting.push(pending);
        return;
      }
      const fresh: Lane = { key, appId, channelId, waiting: [pending] };
      lanes.set(key, fresh);
      queue(fresh);
      if (begun) return;
      begun = true;
      // What the same turn of the event loop brings shares a transaction.
      setImmediate(startSome);
    },
    async idle() {
      while (lanes.size > 0) {
        await Promise.all(running);
        await new Promise(setImmediate);
      }
      await Promise.all(running);
    },
  };
}

const isBulk = (pending: Waiting | undefined): boolean => pending !== undefined && pending.bulk !== null;

const itemOf = (lane: Lane, pending: Waiting): Item[] =>
  pending.bulk === null ? [] : [{ lane, pending, appId: lane.appId, channelId: lane.channelId, work: pending.bulk }];

const overloaded = (channelId: string) =>
  new ParleyError('unavailable', `unable to write to channel ${channelId}; too many writes wait, or for too long`, {
    retryAfterMs: 1_000,
  });
