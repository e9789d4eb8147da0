import { parse, print } from 'graphql';
import type { Client, ClientOptions, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';
import { resumableDocument } from './resumable-document.ts';
import { type ResumedOperation, resumedOperation } from './resume.ts';
import { retryWaitMs } from './retry-wait.ts';

/**
 * Options for createClient of graphql-ws: it connects again for as long as somebody subscribes, at random within half a second at first, within 30 s in a long
 * outage. By itself graphql-ws gives up when a connection is refused, and after five that break.
 */
export const retryOptions: Required<Pick<ClientOptions, 'retryAttempts' | 'retryWait' | 'shouldRetry'>> = {
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
  retryWait: (retries) =>
    new Promise((resolve) => {
      setTimeout(resolve, retryWaitMs(retries));
    }),
};

/**
 * The same client, whose `channelEvents` and `inbox` subscriptions go on after the newest event that arrived, whenever the connection is made again; an event
 * that was there before is dropped. graphql-ws alone sends the variables of the beginning again, and what happened meanwhile is lost. ChannelReset is handed
 * on. Documents get the fields and arguments that this needs.
 *
 * @example
 * ```ts
 * const client = resumable(createClient({ url, ...retryOptions }));
 * ```
 */
export function resumable(client: Client): Client {
  const open = ({ query, variables, operationName }: SubscribePayload) => {
    if (!/\b(channelEvents|inbox)\b/.test(query)) return null;
    const document = resumableDocument(parse(query), operationName);
    return document && resumedOperation(document, variables);
  };
  // graphql-ws turns the payload into text each time that it subscribes.
  const payloadOf = (given: SubscribePayload, { query, variables }: ResumedOperation): SubscribePayload => ({
    ...given,
    query: print(query),
    variables,
  });
  return {
    ...client,
    subscribe<Data, Extensions>(payload: SubscribePayload, sink: Sink<FormattedExecutionResult<Data, Extensions>>) {
      const resumed = open(payload);
      if (resumed === null) return client.subscribe<Data, Extensions>(payload, sink);
      return client.subscribe<Data, Extensions>(payloadOf(payload, resumed), {
        next: (result) => {
          if (resumed.take(result)) sink.next(result);
        },
        error: (error) => sink.error(error),
        complete: () => sink.complete(),
      });
    },
    iterate<Data, Extensions>(payload: SubscribePayload) {
      const resumed = open(payload);
      const results = client.iterate<Data, Extensions>(resumed === null ? payload : payloadOf(payload, resumed));
      if (resumed === null) return results;
      const next = results.next.bind(results);
      results.next = async () => {
        for (;;) {
          const result = await next();
          if (result.done || resumed.take(result.value)) return result;
        }
      };
      return results;
    },
  };
}
