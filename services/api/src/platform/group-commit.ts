import { ParleyError } from '@parley/contracts';
import type { ChannelWork } from './channel-log.ts';
import { type OpenChannel, openChannel } from './channel-transaction.ts';
import type { Db } from './db.ts';
import type { EventBatch } from './event-batch.ts';

/** A work that waits for its answer. */
export interface PendingWork {
  readonly work: ChannelWork<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (fault: unknown) => void;
}

type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: unknown };

/** Says that a joint transaction was rolled back for the fault of one work; none of the works has an outcome yet. */
class Spoilt extends Error {}

interface GroupCommit {
  readonly db: Db;
  readonly appId: string;
  readonly channelId: string;
  readonly onCommitted: (batch: EventBatch) => void;
}

/**
 * Runs the works in one transaction, or, when one of them fails after it has written, each in its own, so that one's fault is its own. Every work
 * is answered; this never throws.
 */
export async function commitTogether(group: GroupCommit, works: readonly PendingWork[]): Promise<void> {
  try {
    await commit(group, works);
  } catch (fault) {
    if (!(fault instanceof Spoilt)) {
      for (const pending of works) pending.reject(fault);
      return;
    }
    for (const pending of works) await commit(group, [pending]).catch(pending.reject);
  }
}

async function commit(
  { db, appId, channelId, onCommitted }: GroupCommit,
  works: readonly PendingWork[],
): Promise<void> {
  const { outcomes, batch } = await db.transaction(async (sql) => {
    const channel = await openChannel(sql, appId, channelId);
    const results: Outcome[] = [];
    for (const { work } of works) results.push(await outcomeOf(channel, work, works.length === 1));
    return { outcomes: results, batch: await channel.finish() };
  });
  if (batch !== null) onCommitted(batch);
  for (const [index, pending] of works.entries()) {
    const outcome = outcomes[index];
    if (outcome?.ok) pending.resolve(outcome.value);
    else pending.reject(outcome?.fault);
  }
}

async function outcomeOf(channel: OpenChannel, work: ChannelWork<unknown>, alone: boolean): Promise<Outcome> {
  try {
    return { ok: true, value: await channel.run(work) };
  } catch (fault) {
    // With the database gone, running each alone would only make every caller wait longer for the same answer.
    if (alone || (fault instanceof ParleyError && fault.code === 'unavailable')) throw fault;
    if (channel.spoilt) throw new Spoilt();
    return { ok: false, fault };
  }
}
