import { type ErrorCode, type ErrorExtensions, limits, ParleyError } from '@parley/contracts';
import { GraphQLError } from 'graphql';
import type { Logger } from '../logger.ts';

/**
 * The error that a client sees: a {@link ParleyError} as it is, a fault of the request (syntax, validation, variables) as `invalid_query`,
 * and anything else masked as `internal`; the latter is logged with the request id when a logger is given.
 */
export function toGraphqlError(error: unknown, requestId: string, logger?: Pick<Logger, 'error'>): GraphQLError {
  const known = parleyErrorIn(error) ?? requestFault(error);
  if (known === undefined || known.code === 'internal') {
    logger?.error({ err: rootOf(error), requestId }, 'an unexpected fault in a GraphQL operation');
    const message = `unable to answer; an unexpected fault, see the server log for request ${requestId}`;
    return graphqlError(error, new ParleyError('internal', message), requestId);
  }
  return graphqlError(error, known, requestId);
}

/** A document of two kilobytes can be at fault in megabytes of ways, and a value that is wrong is quoted. */
const shortened = (message: string): string =>
  message.length <= limits.errorMessage ? message : `${message.slice(0, limits.errorMessage - 1)}…`;

/** Places of a document that are named. */
const maxNodes = 10;

function graphqlError(from: unknown, shown: ParleyError, requestId: string): GraphQLError {
  const extensions: ErrorExtensions = { ...shown.toExtensions(), requestId };
  const message = shortened(shown.message);
  if (!(from instanceof GraphQLError)) return new GraphQLError(message, { extensions: { ...extensions } });
  const { source, path } = from;
  const nodes = from.nodes?.slice(0, maxNodes);
  const positions = from.positions?.slice(0, maxNodes);
  // Servers read the HTTP status and headers from here and leave it out of the answer.
  const http = from.extensions['http'];
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: { ...extensions, ...(http === undefined ? {} : { http }) },
  });
}

function parleyErrorIn(error: unknown): ParleyError | undefined {
  if (error instanceof ParleyError) return error;
  return error instanceof GraphQLError && error.originalError !== undefined
    ? parleyErrorIn(error.originalError)
    : undefined;
}

/** Codes that the persisted-operation protocol fixes; clients also look for its exact message. */
const persistedCodes: ReadonlyMap<unknown, ErrorCode> = new Map([
  ['PERSISTED_QUERY_NOT_FOUND', 'persisted_query_not_found'],
]);

/** A GraphQL error without a cause and a path was made before anything ran, so the request is to blame. */
function requestFault(error: unknown): ParleyError | undefined {
  if (!(error instanceof GraphQLError) || error.path !== undefined || isForeign(error.originalError)) return undefined;
  const code = persistedCodes.get(error.extensions['code']);
  return new ParleyError(code ?? 'invalid_query', error.message);
}

const isForeign = (cause: unknown): boolean => cause !== undefined && !(cause instanceof GraphQLError);

const rootOf = (error: unknown): unknown => (error instanceof GraphQLError ? (error.originalError ?? error) : error);
