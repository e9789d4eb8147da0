import { ParleyError } from '@parley/contracts';
import type { Connection } from '../connection/driver.ts';
import type { GraphqlResult, Link, Operation } from '../connection/link.ts';
import type { Tokens } from '../connection/tokens.ts';
import type { Clock } from '../lib/clock.ts';
import { asParleyError, dataOf, errorOf } from './fault.ts';
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

  const overHttp = async (operation: Operation, signal: AbortSignal): Promise<GraphqlResult> => {
    const token = await tokens.current();
    signal.throwIfAborted();
    try {
      return refuseUnauthenticated(await http.post(operation, token, signal));
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'unauthenticated' || !tokens.renewable) throw error;
      return http.post(operation, await tokens.renew(), signal);
    }
  };

  const run = async (operation: Operation, signal: AbortSignal): Promise<GraphqlResult> => {
    const link = connection.link.get();
    if (
      link?.runsOperations !== true ||
      operation.query.length + JSON.stringify(operation.variables).length > frameChars
    ) {
      return overHttp(operation, signal);
    }
    const result = await overLink(link, operation, signal).catch((error: unknown) => {
      if (error instanceof ParleyError && hasAnotherWay(error, operation)) return overHttp(operation, signal);
      throw error;
    });
    if (result !== null) return result;
    if (isQuery(operation)) return overHttp(operation, signal);
    throw new ParleyError('disconnected', 'unable to learn the outcome; the connection broke before the answer came');
  };

  const execute = async (document: string, variables = {}, options: ExecuteOptions = {}): Promise<unknown> => {
    const abort = new AbortController();
    const timeoutMs = options.timeoutMs ?? defaultMs;
    const deadline = clock.setTimeout(
      () => abort.abort(new ParleyError('timeout', `unable to get an answer; none came within ${timeoutMs} ms`)),
      timeoutMs,
    );
    const onAbort = (): void => abort.abort(options.signal?.reason);
    if (options.signal?.aborted === true) onAbort();
    options.signal?.addEventListener('abort', onAbort);
    inFlight.add(abort);
    try {
      abort.signal.throwIfAborted();
      return dataOf(await raced(abort.signal, run({ query: document, variables }, abort.signal)));
    } catch (error) {
      throw abort.signal.aborted ? abort.signal.reason : asParleyError(error, 'run the operation');
    } finally {
      inFlight.delete(abort);
      clock.clearTimeout(deadline);
      options.signal?.removeEventListener('abort', onAbort);
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

/** Null: the link ended first. */
function overLink(link: Link, operation: Operation, signal: AbortSignal): Promise<GraphqlResult | null> {
  return new Promise((resolve, reject) => {
    const unsubscribe = link.run(operation, {
      next: settle(resolve),
      error: (faults) => settle(reject)(errorOf(faults)),
      complete: () =>
        settle(reject)(new ParleyError('internal', 'unable to run the operation; it ended without a result')),
      lost: () => settle(resolve)(null),
    });
    // Whoever aborted has its answer already; the server stops working on it.
    signal.addEventListener('abort', unsubscribe);
    function settle<T>(done: (value: T) => void): (value: T) => void {
      return (value) => {
        signal.removeEventListener('abort', unsubscribe);
        done(value);
      };
    }
  });
}

async function raced<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const first = await Promise.race([work.then((value) => ({ value })), aborted]);
  if (first !== null) return first.value;
  throw signal.reason;
}

/** An answer that is too large for the way through the bus has room in a response of its own; and without the bus the API is there as ever. */
function hasAnotherWay({ code, details }: ParleyError, operation: Operation): boolean {
  if (code === 'payload_too_large') return isQuery(operation);
  // Nothing was done. Who says when to come again has spoken for the API itself.
  return code === 'unavailable' && details.retryAfterMs === undefined;
}

const isQuery = ({ query }: Operation): boolean => /^\s*(query\b|\{)/.test(query);

/** A refused token may also come as a result; then it is thrown like one that came as a status. */
function refuseUnauthenticated(result: GraphqlResult): GraphqlResult {
  if (result.errors !== undefined && errorOf(result.errors).code === 'unauthenticated' && result.errors.length > 0) {
    throw errorOf(result.errors);
  }
  return result;
}
