import { ApolloLink } from '@apollo/client/link';
import { filter } from 'rxjs';
import { createResume } from './resume.ts';

/**
 * A link for the way of subscriptions, before GraphQLWsLink: `channelEvents` and `inbox` go on after the newest event that arrived, whenever the connection is
 * made again, and an event that was there before is dropped. ChannelReset is handed on. Documents get the fields and arguments that this needs.
 *
 * @example
 * ```ts
 * const subscriptions = resumeLink().concat(new GraphQLWsLink(createClient({ url, ...retryOptions })));
 * ```
 */
export function resumeLink(): ApolloLink {
  const resume = createResume();
  return new ApolloLink((operation, forward) => {
    const resumed = resume(operation.query, operation.variables);
    if (resumed === null) return forward(operation);
    operation.query = resumed.query;
    operation.variables = resumed.variables;
    return forward(operation).pipe(filter((result) => resumed.take(result)));
  });
}
