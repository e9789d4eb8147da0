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
  let newest = 0;

  const run = async (): Promise<void> => {
    let sent = -1;
    while (sent < newest) {
      sent = newest;
      const { markRead } = await execute(markReadMutation, { input: { channelId, seq: sent } });
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
    const revert = unread.advance(target);
    newest = Math.max(newest, target);
    running ??= run().finally(() => {
      running = null;
      // A position that was sent once is no bound for later: the log may be set back.
      newest = 0;
    });
    try {
      await running;
    } catch (error) {
      revert();
      throw error;
    }
  };
}
