import { randomUUID } from 'node:crypto';
import { type Logger, toGraphqlError } from '@parley/service-kit';
import type { GraphQLFormattedError } from 'graphql';

/** Faults as they travel in an `error` frame or an SSE result. */
export type ErrorPayload = readonly GraphQLFormattedError[];

/** One fault, or the several of an AggregateError (what validation found); what is unexpected is logged and masked with the request id. */
export function errorPayload(
  fault: unknown,
  logger: Pick<Logger, 'error'>,
  requestId: string = randomUUID(),
): ErrorPayload {
  const faults: readonly unknown[] = fault instanceof AggregateError ? fault.errors : [fault];
  return faults.map((one) => toGraphqlError(one, requestId, logger).toJSON());
}
