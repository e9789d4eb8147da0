import { type Exchange, makeOperation, type Operation } from '@urql/core';
import { filter, map, pipe } from 'wonka';
import { createResume, type ResumedOperation } from './resume.ts';

/**
 * An exchange to stand before subscriptionExchange or fetchExchange: `channelEvents` and `inbox` go on after the newest event that arrived, whenever the
 * connection is made again, and an event that was there before is dropped. ChannelReset is handed on. Documents get the fields and arguments that this needs.
 */
export const resumeExchange: Exchange = ({ forward }) => {
  const resume = createResume();
  const running = new Map<number, { readonly original: Operation; readonly resumed: ResumedOperation }>();
  return (operations) =>
    pipe(
      operations,
      map((operation) => {
        const { kind, key, query, variables, context } = operation;
        if (kind === 'teardown') running.delete(key);
        if (kind !== 'subscription') return operation;
        // Somebody tries it again, such as retryExchange: it goes on where it was.
        const resumed = running.get(key)?.resumed ?? ('definitions' in query ? resume(query, variables || {}) : null);
        if (resumed === null) return operation;
        running.set(key, { original: operation, resumed });
        return makeOperation(kind, { ...operation, query: resumed.query, variables: resumed.variables }, context);
      }),
      forward,
      filter((result) => running.get(result.operation.key)?.resumed.take(result) ?? true),
      map((result) => ({ ...result, operation: running.get(result.operation.key)?.original ?? result.operation })),
    );
};
