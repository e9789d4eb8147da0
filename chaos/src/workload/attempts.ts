import { ParleyError } from '@parley/contracts';
import type { Outcome } from '../history.ts';

/** How an operation that may be repeated ended. */
export interface Ended<T> {
  readonly outcome: Outcome;
  readonly code: string | null;
  readonly value: T | null;
  readonly attempts: number;
}

export interface Persistence {
  /** After so many ms an outcome that is still open stays so, also while a try, such as one of the SDK's, goes on by itself. */
  readonly patienceMs: number;
  readonly pauseMs: number;
  /** Ends it after the current try. */
  readonly signal: AbortSignal;
  /**
   * Whether to leave it at an answer that says that nothing was done; for a single try only, since one that tries again by itself may have been
   * heard before. Asked only when no earlier try left it open.
   */
  readonly abandon?: () => boolean;
}

/** Does the same again until it is known what became of it. */
export async function persist<T>(work: () => Promise<T>, options: Persistence): Promise<Ended<T>> {
  const deadline = Date.now() + options.patienceMs;
  let open = false;
  for (let attempts = 1; ; attempts += 1) {
    try {
      return { outcome: 'ok', code: null, value: await before(deadline, work()), attempts };
    } catch (error) {
      const { code, retryable } = error instanceof ParleyError ? error : { code: String(error), retryable: true };
      const untouched = options.abandon !== undefined && (code === 'unavailable' || code === 'rate_limited');
      // A refusal says nothing about an earlier try whose answer was lost.
      if (!retryable) return { outcome: open ? 'unknown' : 'fail', code, value: null, attempts };
      if (!open && untouched && options.abandon?.() === true) return { outcome: 'fail', code, value: null, attempts };
      open ||= !untouched;
      if (Date.now() >= deadline || options.signal.aborted)
        return { outcome: open ? 'unknown' : 'fail', code, value: null, attempts };
      await new Promise((resolve) => setTimeout(resolve, options.pauseMs));
    }
  }
}

async function before<T>(deadline: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new ParleyError('timeout', 'unable to learn the outcome; the patience of the workload has ended');
    timer = setTimeout(() => reject(error), Math.max(0, deadline - Date.now()));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
