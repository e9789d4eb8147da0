import type { CommandForm } from './channel-command.ts';

/** What waits in a queue. `since`: when it came, in ms. */
export interface QueuedEntry {
  readonly form: CommandForm;
  readonly since: number;
}

/** The entries of one channel, in their order. A batch at a time has some of them in hand. */
export interface ChannelQueue<Entry extends QueuedEntry> {
  readonly key: string;
  readonly appId: string;
  readonly channelId: string;
  readonly waiting: Entry[];
}

/** Entries of one form, taken out of their queues. Their channels have no other batch until it is given back. */
export interface QueuedBatch<Entry extends QueuedEntry> {
  readonly kind: 'joint' | 'own';
  readonly form: CommandForm;
  readonly queues: readonly ChannelQueue<Entry>[];
  readonly items: readonly { readonly queue: ChannelQueue<Entry>; readonly entry: Entry }[];
  /** Waited for too long, and are in no queue any more. */
  readonly late: readonly { readonly queue: ChannelQueue<Entry>; readonly entry: Entry }[];
}

/** What goes back into the queue of its channel. `held`: somebody else has the row of the channel. */
export interface ReturnedEntry<Entry extends QueuedEntry> {
  readonly queue: ChannelQueue<Entry>;
  readonly entry: Entry;
  readonly held: boolean;
}

export interface ChannelQueues<Entry extends QueuedEntry> {
  /** False: too much waits, in all or for this channel. */
  add(appId: string, channelId: string, entry: Entry): boolean;
  /** Rows to insert, of as many channels as wait; null: there are none. */
  nextJoint(now: number): QueuedBatch<Entry> | null;
  /** What one channel has to do by itself, and may wait for its row; null: there is nothing. */
  nextOwn(now: number): QueuedBatch<Entry> | null;
  /** The batch is over. What goes again comes before what came later. */
  giveBack(batch: QueuedBatch<Entry>, again: readonly ReturnedEntry<Entry>[], now: number): void;
  /** Whether nothing waits and no batch is out. */
  readonly idle: boolean;
}

export interface ChannelQueuesOptions {
  /** How long an entry waits for its turn, ms. */
  readonly patienceMs: number;
  readonly waitingInAll: number;
  readonly waitingEach: number;
  /** Entries of a batch. */
  readonly batchSize: number;
  /** A channel whose row somebody else held keeps to batches of its own for so long, ms: it is being written there as well. */
  readonly apartMs: number;
}

/** Decides which commands go together. Channels take turns, so a busy one takes no more than its share. It has no clock and starts nothing. */
export function createChannelQueues<Entry extends QueuedEntry>({
  patienceMs,
  waitingInAll,
  waitingEach,
  batchSize,
  apartMs,
}: ChannelQueuesOptions): ChannelQueues<Entry> {
  const queues = new Map<string, ChannelQueue<Entry>>();
  const readyJoint: ChannelQueue<Entry>[] = [];
  const readyOwn: ChannelQueue<Entry>[] = [];
  /** Channels that keep to themselves, and until when; oldest first. */
  const apart = new Map<string, number>();
  let waiting = 0;

  const keepApart = ({ key }: ChannelQueue<Entry>, now: number) => {
    for (const [other, until] of apart) {
      if (until > now) break;
      apart.delete(other);
    }
    apart.delete(key);
    apart.set(key, now + apartMs);
  };

  /** Puts a queue that no batch has where its next batch is taken from. */
  const makeReady = (queue: ChannelQueue<Entry>, now: number) => {
    const [first] = queue.waiting;
    if (first === undefined) queues.delete(queue.key);
    else if (first.form === 'insert' && (apart.get(queue.key) ?? 0) <= now) readyJoint.push(queue);
    else readyOwn.push(queue);
  };

  const takeLate = (queue: ChannelQueue<Entry>, now: number) => {
    const fresh = queue.waiting.findIndex(({ since }) => since >= now - patienceMs);
    const late = queue.waiting.splice(0, fresh < 0 ? queue.waiting.length : fresh);
    waiting -= late.length;
    return late.map((entry) => ({ queue, entry }));
  };

  /** The first entries, as long as they are of this form. */
  const take = (queue: ChannelQueue<Entry>, form: CommandForm, most: number) => {
    const other = queue.waiting.findIndex((entry) => entry.form !== form);
    const taken = queue.waiting.splice(0, Math.min(most, other < 0 ? queue.waiting.length : other));
    waiting -= taken.length;
    return taken.map((entry) => ({ queue, entry }));
  };

  const batchFrom = (
    kind: QueuedBatch<Entry>['kind'],
    taken: readonly ChannelQueue<Entry>[],
    now: number,
  ): QueuedBatch<Entry> => {
    const late = taken.flatMap((queue) => takeLate(queue, now));
    const form = kind === 'joint' ? 'insert' : (taken[0]?.waiting[0]?.form ?? 'statements');
    const share = form === 'alone' ? 1 : Math.max(1, Math.floor(batchSize / taken.length));
    return { kind, form, queues: taken, items: taken.flatMap((queue) => take(queue, form, share)), late };
  };

  return {
    add(appId, channelId, entry) {
      // Neither id can hold a slash.
      const key = `${appId}/${channelId}`;
      const known = queues.get(key);
      if (waiting >= waitingInAll || (known?.waiting.length ?? 0) >= waitingEach) return false;
      waiting += 1;
      if (known !== undefined) known.waiting.push(entry);
      else {
        const queue = { key, appId, channelId, waiting: [entry] };
        queues.set(key, queue);
        makeReady(queue, entry.since);
      }
      return true;
    },
    nextJoint: (now) => (readyJoint.length === 0 ? null : batchFrom('joint', readyJoint.splice(0, batchSize), now)),
    nextOwn: (now) => (readyOwn.length === 0 ? null : batchFrom('own', readyOwn.splice(0, 1), now)),
    giveBack(batch, again, now) {
      for (const { queue, entry, held } of again.toReversed()) {
        if (held) keepApart(queue, now);
        queue.waiting.unshift(entry);
        waiting += 1;
      }
      for (const queue of batch.queues) makeReady(queue, now);
    },
    get idle() {
      return queues.size === 0;
    },
  };
}
