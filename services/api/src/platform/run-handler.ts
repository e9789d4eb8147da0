import { ParleyError } from '@parley/contracts';
import type { Clock, TimerHandle } from '@parley/service-kit';

/** How long a handler may take to heed its signal before its worker goes on without it, ms. */
export const handlerSettleMs = 5_000;

export interface RunHandlerOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Completes "unable to …" in the errors. */
  readonly task: string;
  /** Further reasons to stop. */
  readonly signals: readonly AbortSignal[];
}

/**
 * Runs a handler for at most `timeoutMs`, then aborts it and waits a little for it to end, so that its next attempt does not run beside it. One that
 * ends well in spite of that has done its work.
 * @throws timeout, and what the handler throws
 */
export async function runHandler(
  { clock, timeoutMs, task, signals }: RunHandlerOptions,
  handle: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  let timer: TimerHandle | undefined;
  let stop: (error: ParleyError) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = (error) => {
      if (signal.aborted) return;
      controller.abort(error);
      clock.clearTimeout(timer);
      timer = clock.setTimeout(() => reject(error), handlerSettleMs);
    };
  });
  const onAbort = () => stop(new ParleyError('unavailable', `unable to ${task}; the work was taken away`));
  for (const other of signals) {
    if (other.aborted) onAbort();
    other.addEventListener('abort', onAbort);
  }
  try {
    signal.throwIfAborted();
    timer = clock.setTimeout(
      () => stop(new ParleyError('timeout', `unable to ${task}; it took over ${timeoutMs} ms`)),
      timeoutMs,
    );
    await Promise.race([(async () => handle(signal))(), stopped]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    clock.clearTimeout(timer);
    for (const other of signals) other.removeEventListener('abort', onAbort);
  }
}
