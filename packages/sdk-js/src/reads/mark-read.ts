import { markReadMutation } from '../operations/documents.ts';
import type { ExecuteTyped } from '../operations/execute.ts';
import type { Reads } from './reads.ts';
import type { Unread } from './unread.ts';

export interface MarkReadOptions {
  readonly channelId: string;
  readonly execute: ExecuteTyped;
  readonly unread: Unread;
  readonly reads: Reads;
  readonly userId: () => string | null;
  readonly head: () => number;
}

/** Moves the viewer's read pointer; calls that come while one is under way become one. */
export function createMarkRead({
  channelId,
  execute,
  unread,
  reads,
  userId,
  head,
}: MarkReadOptions): (seq?: number) => Promise<void> {
  let running: Promise<void> | null = null;
  let wanted = 0;

  const run = async (): Promise<void> => {
    let told = -1;
    while (told < wanted) {
      told = wanted;
      const { markRead } = await execute(markReadMutation, { input: { channelId, seq: told } });
      const user = userId();
      if (user !== null) reads.advance(user, markRead.readSeq);
      unread.advance(markRead.readSeq);
    }
  };

  /** The channel was never opened here, so only the server knows its head. */
  const markHead = async (): Promise<void> => {
    await execute(markReadMutation, { input: { channelId } });
  };

  return async (seq) => {
    if (seq === undefined && head() === 0) return markHead();
    const target = seq ?? head();
    const { readSeq, count } = unread.store.get();
    if (target <= readSeq && (count === 0 || target < readSeq)) return;
    const undo = unread.advance(target);
    wanted = Math.max(wanted, target);
    running ??= run().finally(() => {
      running = null;
      // What was told once is no bound for later: the log may be set back.
      wanted = 0;
    });
    try {
      await running;
    } catch (error) {
      undo();
      throw error;
    }
  };
}
