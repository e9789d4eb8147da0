import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphqlRequest } from '@parley/contracts/bus';
import type { Logger } from '@parley/service-kit';
import { toGraphqlError } from '@parley/service-kit';
import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createYoga } from 'graphql-yoga';
import type { Authenticate, Executor } from './execute.ts';
import { httpResult, sendOutcome, usualAnswerType } from './http-answer.ts';

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

/** Answers a request that was read. */
export type HttpHandler = (req: IncomingMessage, res: ServerResponse, exchange: Exchange) => Promise<void>;

/**
 * Answers in the form that the client accepts; what runs, and under which limits, is up to the executor. The usual forms are written here, in one
 * write; what else a header may ask for, Yoga weighs.
 */
export function createHttpHandler({ schema, executor, logger }: HttpHandlerDependencies): HttpHandler {
  const outcomeOf = ({ authenticate, request, requestId, mutations, sent }: Exchange) =>
    executor.run(authenticate, request, requestId, { mutations, sent });

  const throughExecutor: Plugin<object, { exchange: Exchange }> = {
    // The body was read, within the limits of its caller.
    onRequestParse({ serverContext, setRequestParser }) {
      // A hash alone is a whole request; the document behind it, the executor knows.
      const { query = '' } = serverContext.exchange.request;
      setRequestParser(() => ({ query }));
    },
    onParams({ setParamsHandler }) {
      setParamsHandler(async ({ context: { exchange } }) => httpResult(await outcomeOf(exchange)));
    },
  };
  const yoga = createYoga<{ exchange: Exchange }>({
    schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    maxRequestBodySize: false,
    logging: false,
    maskedErrors: { maskError: (error) => toGraphqlError(error, 'none', logger) },
    plugins: [throughExecutor],
  });

  return async (req, res, exchange) => {
    const type = usualAnswerType(req.headers.accept);
    if (type === undefined || (req.method !== 'POST' && req.method !== 'GET'))
      return await yoga(req, res, { exchange });
    sendOutcome(res, await outcomeOf(exchange), type);
  };
}
