import { ParleyError } from '@parley/contracts';
import { type CommandForm, formOf } from './channel-command.ts';
import { createChannelQueues, type QueuedBatch, type ReturnedEntry } from './channel-queues.ts';
import type { Db } from './db.ts';
import type { EventBatch } from './event-batch.ts';
import { type BatchItem, type CommandOutcome, writeBatch } from './write-batch.ts';

/** A command that waits for its answer. */
export interface WriteRequest extends BatchItem {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Entry extends WriteRequest {
  readonly form: CommandForm;
  readonly since: number;
}

export interface WriteScheduler {
  /** Answers by `resolve` or `reject` of the request, never by throwing. */
  add(request: WriteRequest): void;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
}

export interface WriteSchedulerDependencies {
  readonly db: Db;
  readonly onCommitted: (batch: EventBatch) => void;
  /** How long a command waits for its turn, ms. */
  readonly patienceMs: number;
  readonly commandsWaitingInAll: number;
  /** Most transactions at once of one channel each, which may wait for its row; the rest of the connections stays free for others. */
  readonly ownTransactions: number;
}

/** Commands in one transaction; more would hold the locks for too long. */
const batchSize = 64;
/** Commands that wait for one channel on this node, past which it sheds load: at a commit of a few milliseconds these wait for about a second. */
const commandsWaitingEach = 2_000;
/** How long a channel that another node writes to keeps to transactions of its own. */
const apartMs = 1_000;
/** Joint transactions at once: one waits for the disk while the other is put together. */
const jointTransactions = 2;

/** Starts a transaction for what the queues give, as many at once as there is room for, and answers each command with what became of it. */
export function createWriteScheduler(dependencies: WriteSchedulerDependencies): WriteScheduler {
  const { db, onCommitted, patienceMs, commandsWaitingInAll, ownTransactions } = dependencies;
  const queues = createChannelQueues<Entry>({
    patienceMs,
    waitingInAll: commandsWaitingInAll,
    waitingEach: commandsWaitingEach,
    batchSize,
    apartMs,
  });
  const running = new Set<Promise<void>>();
  let joint = 0;
  let own = 0;
  let planned = false;

  const carryOut = async ({ kind, form, items }: QueuedBatch<Entry>): Promise<readonly ReturnedEntry<Entry>[]> => {
    if (items.length === 0) return [];
    try {
      const { outcomes, batches } = await writeBatch(db, {
        items: items.map(({ entry }) => entry),
        form,
        whenLocked: kind === 'joint' ? 'pass' : 'wait',
      });
      for (const batch of batches) onCommitted(batch);
      return items.flatMap(({ queue, entry }, index) => {
        const again = answer(entry, outcomes[index]);
        return again === null ? [] : [{ queue, entry: again, held: outcomes[index]?.kind === 'passed' }];
      });
    } catch (error) {
      for (const { entry } of items) entry.reject(error);
      return [];
    }
  };

  const run = async (batch: QueuedBatch<Entry>) => {
    for (const { entry } of batch.late) entry.reject(overloaded(entry.channelId));
    queues.giveBack(batch, await carryOut(batch), performance.now());
  };

  const start = (batch: QueuedBatch<Entry>, ended: () => void) => {
    const done = run(batch).finally(() => {
      running.delete(done);
      ended();
      startSome();
    });
    running.add(done);
  };

  const startSome = () => {
    planned = false;
    const now = performance.now();
    while (own < ownTransactions) {
      const batch = queues.nextOwn(now);
      if (batch === null) break;
      own += 1;
      start(batch, () => {
        own -= 1;
      });
    }
    while (joint < jointTransactions) {
      const batch = queues.nextJoint(now);
      if (batch === null) break;
      joint += 1;
      start(batch, () => {
        joint -= 1;
      });
    }
  };

  return {
    add(request) {
      const entry = { ...request, form: formOf(request.command), since: performance.now() };
      if (!queues.add(request.appId, request.channelId, entry)) return request.reject(overloaded(request.channelId));
      if (planned) return;
      planned = true;
      // Everything that the same turn of the event loop brings shares a transaction.
      setImmediate(startSome);
    },
    async idle() {
      while (!queues.idle) {
        await Promise.all(running);
        await new Promise(setImmediate);
      }
      await Promise.all(running);
    },
  };
}

/** Answers the command, or gives it as it goes again. */
function answer(entry: Entry, outcome: CommandOutcome | undefined): Entry | null {
  switch (outcome?.kind) {
    case 'done':
      entry.resolve(outcome.value);
      return null;
    case 'again':
      return { ...entry, form: outcome.form };
    case 'passed':
      return entry;
    default:
      entry.reject(outcome?.error ?? new TypeError('an outcome is missing'));
      return null;
  }
}

const overloaded = (channelId: string) =>
  new ParleyError('unavailable', `unable to write to channel ${channelId}; too many writes wait, or for too long`, {
    retryAfterMs: 1_000,
  });
