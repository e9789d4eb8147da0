import { type Exchange, makeOperation, type Operation, type OperationResult } from '@urql/core';
import { filter, makeSubject, map, merge, pipe } from 'wonka';
import { createResume, type ResumedOperation } from './resume.ts';
import { retryWaitMs } from './retry-wait.ts';

interface Running {
  readonly original: Operation;
  readonly sent: Operation;
  readonly resumed: ResumedOperation;
  /** Streams in a row that brought nothing. */
  retries: number;
  timer?: ReturnType<typeof setTimeout>;
}

/** An answer that is no stream, such as 503, comes with `hasNext` as well. */
const isRefused = (response: unknown): boolean =>
  typeof response === 'object' && response !== null && 'ok' in response && response.ok === false;

/** A stream without `complete` ends as a network error or as a last result. Only a refusal that no later try may mend is final. */
const isBroken = ({ hasNext, error }: OperationResult): boolean =>
  (!hasNext || isRefused(error?.response)) &&
  !error?.graphQLErrors.some(({ extensions }) => extensions['retryable'] !== true);

/**
 * An exchange to stand before subscriptionExchange or fetchExchange: `channelEvents` and `inbox` go on after the newest event that arrived, whenever the
 * connection is made again, and an event that was there before is dropped. Event streams that end are opened again here, since urql does not do so. ChannelReset is
 * handed on. Documents get the fields and arguments that this needs.
 */
export const resumeExchange: Exchange = ({ forward }) => {
  const resume = createResume();
  const running = new Map<number, Running>();
  const again = makeSubject<Operation>();

  const open = (operation: Operation): Operation => {
    const { kind, key, query, variables, context } = operation;
    const before = running.get(key);
    if (kind === 'teardown') {
      clearTimeout(before?.timer);
      running.delete(key);
    }
    if (kind !== 'subscription') return operation;
    // Somebody tries it again, such as retryExchange: it goes on where it was.
    const resumed = before?.resumed ?? ('definitions' in query ? resume(query, variables || {}) : null);
    if (resumed === null) return operation;
    clearTimeout(before?.timer);
    const sent = makeOperation(kind, { ...operation, query: resumed.query, variables: resumed.variables }, context);
    running.set(key, { original: operation, sent, resumed, retries: 0 });
    return sent;
  };

  const take = (result: OperationResult): boolean => {
    const one = running.get(result.operation.key);
    if (one === undefined) return true;
    if (one.sent.context.fetchSubscriptions !== true || !isBroken(result)) {
      one.retries = 0;
      // With an error urql hands on the data of the event before.
      return one.resumed.take(result) || result.error !== undefined;
    }
    clearTimeout(one.timer);
    one.timer = setTimeout(() => again.next(one.sent), retryWaitMs(one.retries));
    one.retries += 1;
    return false;
  };

  return (operations) =>
    pipe(
      merge([pipe(operations, map(open)), again.source]),
      forward,
      filter(take),
      map((result) => ({ ...result, operation: running.get(result.operation.key)?.original ?? result.operation })),
    );
};
