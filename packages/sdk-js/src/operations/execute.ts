import { ParleyError } from '@parley/contracts';
import type { Connection } from '../connection/driver.ts';
import type { GraphqlResult, Link, Operation } from '../connection/link.ts';
import type { Tokens } from '../connection/tokens.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { asParleyError, dataOf } from './graphql-error.ts';
import type { Http } from './http.ts';
import type { TypedDocument } from './typed-document.ts';

export interface ExecuteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default: 15,000. */
  readonly timeoutMs?: number | undefined;
}

/** Runs a document that somebody wrote. */
export type Execute = <Data>(
  document: string,
  variables?: Record<string, unknown>,
  options?: ExecuteOptions,
) => Promise<Data>;

/** Runs a document of the SDK itself. */
export type ExecuteTyped = <Data, Variables extends Record<string, unknown>>(
  document: TypedDocument<Data, Variables>,
  variables: NoInfer<Variables>,
  options?: ExecuteOptions,
) => Promise<Data>;

export interface Executor {
  readonly execute: Execute;
  /** Ends what is in flight with `disconnected`. */
  abortAll(): void;
}

export interface ExecutorOptions {
  readonly connection: Pick<Connection, 'link'>;
  readonly http: Http;
  readonly tokens: Tokens;
  readonly clock: Clock;
}

const defaultMs = 15_000;
/** A socket refuses frames over 128 KiB by closing; up to this length no text can reach that, whatever its encoding. */
const frameChars = 40_000;

export function createExecutor({ connection, http, tokens, clock }: ExecutorOptions): Executor {
  const inFlight = new Set<AbortController>();

  const overHttp = async (operation: Operation, signal: AbortSignal): Promise<unknown> => {
    const ask = async (token: string): Promise<unknown> => dataOf(await http.post(operation, token, signal));
    const token = await tokens.current();
    signal.throwIfAborted();
    try {
      return await ask(token);
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'unauthenticated' || !tokens.renewable) throw error;
      return ask(await tokens.renew());
    }
  };

  const run = (operation: Operation, signal: AbortSignal): Promise<unknown> => {
    const link = connection.link.get();
    const length = operation.query.length + JSON.stringify(operation.variables).length;
    if (link?.runsOperations !== true || length > frameChars) return overHttp(operation, signal);
    return overLink(link, operation, signal).then(dataOf, (error: unknown) => {
      if (error instanceof ParleyError && hasAnotherWay(error, operation)) return overHttp(operation, signal);
      throw error;
    });
  };

  const execute = async (
    query: string,
    variables = {},
    { timeoutMs = defaultMs, signal: given }: ExecuteOptions = {},
  ): Promise<unknown> => {
    const abort = new AbortController();
    const { signal } = abort;
    const onAbort = (): void => abort.abort(given?.reason);
    if (given?.aborted === true) onAbort();
    given?.addEventListener('abort', onAbort);
    inFlight.add(abort);
    try {
      signal.throwIfAborted();
      return await withDeadline(clock, timeoutMs, `unable to get an answer; none came within ${timeoutMs} ms`, () =>
        Promise.race([run({ query, variables }, signal), aborted(signal)]),
      );
    } catch (error) {
      const reason: unknown = signal.aborted ? signal.reason : asParleyError(error, 'run the operation');
      // After the deadline nobody waits for the answer, so the server may stop working on it.
      abort.abort(reason);
      throw reason;
    } finally {
      inFlight.delete(abort);
      given?.removeEventListener('abort', onAbort);
    }
  };

  return {
    // The caller states the shape of what its own document selects; nothing at run time can check it.
    execute: execute as Execute,
    abortAll() {
      const reason = new ParleyError('disconnected', 'unable to get an answer; the client was disconnected');
      for (const abort of [...inFlight]) abort.abort(reason);
    },
  };
}

const overLink = (link: Link, operation: Operation, signal: AbortSignal): Promise<GraphqlResult> =>
  new Promise((resolve, reject) => {
    const unsubscribe = link.run(operation, {
      next: resolve,
      error: reject,
      complete: () => reject(new ParleyError('internal', 'unable to run the operation; the answer has no data')),
      lost: () =>
        reject(
          new ParleyError('disconnected', 'unable to learn the outcome; the connection broke before the answer came'),
        ),
    });
    // Whoever aborted has its answer already; the server stops working on it.
    signal.addEventListener('abort', unsubscribe);
  });

async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
  });
  signal.throwIfAborted();
}

/**
 * An answer that is too large for the way through the bus has room in a response of its own; without the bus the API is there as ever; and a query
 * may be asked twice.
 */
function hasAnotherWay({ code, details }: ParleyError, { query }: Operation): boolean {
  if (code === 'payload_too_large' || code === 'disconnected') return /^\s*(query\b|\{)/.test(query);
  // Nothing was done. Who says when to come again has spoken for the API itself.
  return code === 'unavailable' && details.retryAfterMs === undefined;
}
