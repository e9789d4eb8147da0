import { randomUUID } from 'node:crypto';
import { type Logger, toGraphqlError } from '@parley/service-kit';
import type { GraphQLFormattedError } from 'graphql';

/** Errors as they travel in an `error` frame or an SSE result. */
export type ErrorPayload = readonly GraphQLFormattedError[];

/** Formats one error, or all errors of an AggregateError (of a validation). Unexpected ones are logged, and masked with the request id. */
export function errorPayload(
  error: unknown,
  logger: Pick<Logger, 'error'>,
  requestId: string = randomUUID(),
): ErrorPayload {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.map((one) => toGraphqlError(one, requestId, logger).toJSON());
}
