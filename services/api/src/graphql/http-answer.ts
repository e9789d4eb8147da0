import type { ServerResponse } from 'node:http';
import type { ParleyError } from '@parley/contracts';
import { toGraphqlError } from '@parley/service-kit';
import { GraphQLError } from 'graphql';
import type { Outcome } from './execute.ts';
import { MutationByGet } from './prepare-operation.ts';

/** Headers that a refusal adds; Retry-After is in whole seconds. */
const headersOf = ({ details }: ParleyError): Record<string, string> =>
  details.retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(details.retryAfterMs / 1000)) };

/**
 * Answers a request that was refused before GraphQL had a say.
 * https://graphql.github.io/graphql-over-http/draft/#sec-Status-Codes
 */
export function sendFault(res: ServerResponse, fault: ParleyError, requestId: string): void {
  const body = JSON.stringify({ errors: [toGraphqlError(fault, requestId)] });
  res.writeHead(fault.status, { 'content-type': 'application/json; charset=utf-8', ...headersOf(fault) });
  res.end(body);
}

interface HttpResult {
  data?: Outcome['data'];
  errors?: GraphQLError[];
  /** Instead of making JSON of it. */
  stringify?: () => string;
}

/**
 * The result as the HTTP layer takes it: status and headers of a whole refusal travel in the `http` extension of an error, which is not sent.
 * `spec`: a document at fault is answered with 200 to clients that speak plain `application/json`, as they expect.
 */
export function httpResult({ data, errors, fault, json }: Outcome): HttpResult {
  if (fault === null || errors === undefined)
    return {
      ...(data === undefined ? {} : { data }),
      ...(errors === undefined ? {} : { errors: [...errors] }),
      ...(json === undefined ? {} : { stringify: () => json }),
    };
  const wrongMethod = fault instanceof MutationByGet;
  const spec = !wrongMethod && (fault.code === 'invalid_query' || fault.code === 'query_too_complex');
  const http = { status: wrongMethod ? 405 : fault.status, headers: headersOf(fault), spec };
  return { errors: errors.map((error) => withHttp(error, http)) };
}

const withHttp = ({ message, nodes, source, positions, path, extensions }: GraphQLError, http: object): GraphQLError =>
  new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: { ...extensions, http },
  });
