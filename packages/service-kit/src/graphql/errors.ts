import { type ErrorExtensions, limits, ParleyError } from '@parley/contracts';
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
  const placed = placedError(from);
  return new GraphQLError(message, {
    nodes: placed?.nodes?.slice(0, maxNodes) ?? null,
    source: placed?.source ?? null,
    positions: placed?.positions?.slice(0, maxNodes) ?? null,
    path: placed?.path ?? null,
    extensions: { ...extensions },
  });
}

/** The error that knows its place in the document: the one that is shown, or the one that it was made of. */
function placedError(from: unknown): GraphQLError | undefined {
  if (from instanceof GraphQLError) return from;
  return from instanceof ParleyError && from.cause instanceof GraphQLError ? from.cause : undefined;
}

function parleyErrorIn(error: unknown): ParleyError | undefined {
  if (error instanceof ParleyError) return error;
  return error instanceof GraphQLError && error.originalError !== undefined
    ? parleyErrorIn(error.originalError)
    : undefined;
}

/** A GraphQL error without a cause and a path was made before anything ran, so the request is to blame. */
function requestFault(error: unknown): ParleyError | undefined {
  if (!(error instanceof GraphQLError) || error.path !== undefined || isForeign(error.originalError)) return undefined;
  return new ParleyError('invalid_query', error.message);
}

const isForeign = (cause: unknown): boolean => cause !== undefined && !(cause instanceof GraphQLError);

const rootOf = (error: unknown): unknown => (error instanceof GraphQLError ? (error.originalError ?? error) : error);
