import type { GraphqlRequest } from '@parley/contracts/bus';
import type { Logger } from '@parley/service-kit';
import { toGraphqlError } from '@parley/service-kit';
import type { GraphQLSchema } from 'graphql';
import type { Plugin, YogaServerInstance } from 'graphql-yoga';
import { createYoga } from 'graphql-yoga';
import type { Authenticate, Executor } from './execute.ts';
import { httpResult } from './http-answer.ts';

/** A request that was read. */
export interface Exchange {
  readonly requestId: string;
  readonly authenticate: Authenticate;
  readonly request: GraphqlRequest;
  readonly mutations: boolean;
  /** Resolves when the answer was sent, or cannot be. */
  readonly sent: () => Promise<void>;
}

export interface HttpHandlerDependencies {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly logger: Logger;
}

/** Answers in the form that the client accepts; what runs, and under which limits, is up to the executor. */
export function createHttpHandler({
  schema,
  executor,
  logger,
}: HttpHandlerDependencies): YogaServerInstance<{ exchange: Exchange }, object> {
  const throughExecutor: Plugin<object, { exchange: Exchange }> = {
    onParams({ setParams, setParamsHandler }) {
      // A hash alone is a whole request; the document behind it, the executor knows.
      setParams({ query: '' });
      setParamsHandler(async ({ context: { exchange } }) =>
        httpResult(
          await executor.run(exchange.authenticate, exchange.request, exchange.requestId, {
            mutations: exchange.mutations,
            sent: exchange.sent,
          }),
        ),
      );
    },
  };
  return createYoga<{ exchange: Exchange }>({
    schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    logging: false,
    maskedErrors: { maskError: (error) => toGraphqlError(error, 'none', logger) },
    plugins: [throughExecutor],
  });
}
