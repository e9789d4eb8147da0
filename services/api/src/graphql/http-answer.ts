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
export function sendError(res: ServerResponse, fault: ParleyError, requestId: string): void {
  const body = JSON.stringify({ errors: [toGraphqlError(fault, requestId)] });
  res.writeHead(fault.status, { 'content-type': 'application/json; charset=utf-8', ...headersOf(fault) });
  res.end(body);
}

/** Media types of an answer. */
export type AnswerType = 'application/json' | 'application/graphql-response+json';

const answerTypes: ReadonlyMap<string, AnswerType> = new Map<string, AnswerType>([
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/json, */*', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
  ['application/graphql-response+json,application/json', 'application/graphql-response+json'],
]);

/** What the usual clients accept; undefined: the header has to be weighed. */
export const usualAnswerType = (accept = ''): AnswerType | undefined => answerTypes.get(accept);

/** Sends the outcome as {@link httpResult} has it, in one write. */
export function sendOutcome(res: ServerResponse, outcome: Outcome, type: AnswerType): void {
  const { data, errors, fault, json } = outcome;
  const body = json ?? JSON.stringify({ data, errors });
  const headers = { 'content-type': `${type}; charset=utf-8`, 'content-length': Buffer.byteLength(body) };
  if (fault === null) res.writeHead(200, headers);
  else res.writeHead(statusOf(fault, type), { ...headers, ...headersOf(fault) });
  res.end(body);
}

/** Clients of plain `application/json` expect 200 when the document is at fault. */
const statusOf = (fault: ParleyError, type: AnswerType): number =>
  type === 'application/json' && isOfDocument(fault) ? 200 : wholeStatusOf(fault);

const wholeStatusOf = (fault: ParleyError): number => (fault instanceof MutationByGet ? 405 : fault.status);

const isOfDocument = (fault: ParleyError): boolean =>
  !(fault instanceof MutationByGet) && (fault.code === 'invalid_query' || fault.code === 'query_too_complex');

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
  const http = { status: wholeStatusOf(fault), headers: headersOf(fault), spec: isOfDocument(fault) };
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
