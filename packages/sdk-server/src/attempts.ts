import { type ErrorCode, ParleyError } from '@parley/contracts';

/** Options of {@link attempt}. */
export interface AttemptOptions {
  /** For all attempts and the pauses between them, in ms. */
  readonly timeoutMs: number;
  /** Whether it may be done twice: then an unknown outcome is tried again too. */
  readonly idempotent: boolean;
  /** Ends it from outside. */
  readonly signal?: AbortSignal | undefined;
}

const most = 4;
const firstPauseMs = 100;
/** The server did nothing when it answers with one of these. */
const nothingDone: readonly ErrorCode[] = ['unavailable', 'rate_limited'];

/** Tries up to four times while the fault may pass, with growing pauses or those that the server asks for, within one deadline. @throws timeout */
export async function attempt<T>(act: (signal: AbortSignal) => Promise<T>, options: AttemptOptions): Promise<T> {
  const { timeoutMs, idempotent } = options;
  const end = Date.now() + timeoutMs;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  const late = (cause: unknown) =>
    new ParleyError('timeout', `unable to reach Parley; no answer within ${timeoutMs} ms`, { limit: timeoutMs, cause });

  for (let count = 1; ; count += 1) {
    options.signal?.throwIfAborted();
    try {
      return await act(signal);
    } catch (fault) {
      options.signal?.throwIfAborted();
      if (deadline.aborted) throw late(fault);
      const error = asParleyError(fault);
      const again = error.retryable && (idempotent || nothingDone.includes(error.code));
      const pause = error.details.retryAfterMs ?? pauseMs(count);
      if (!again || count >= most || Date.now() + pause >= end) throw error;
      await wait(pause, options.signal);
    }
  }
}

/** Any error of `fetch` means that the outcome is unknown. */
const asParleyError = (fault: unknown): ParleyError =>
  fault instanceof ParleyError
    ? fault
    : new ParleyError(
        'disconnected',
        'unable to reach Parley; the connection failed: is the URL right and the service up?',
        { cause: fault },
      );

const pauseMs = (count: number): number => firstPauseMs * 2 ** (count - 1) * (0.5 + Math.random() / 2);

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
