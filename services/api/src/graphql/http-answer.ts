import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ParleyError } from '@parley/contracts';
import { refusalHeaders, toGraphqlError } from '@parley/service-kit';
import type { AnswerType } from './accepted-type.ts';
import type { AnswerCompressor } from './compress-answer.ts';
import type { Outcome } from './execute.ts';
import { MutationByGet } from './prepare-operation.ts';
import { BatchRefused } from './request-parameters.ts';

function headersOf({ code, status, details }: ParleyError): Record<string, string> {
  // Whoever asks again sends the document, so nobody may keep this answer. https://www.apollographql.com/docs/apollo-server/performance/apq
  if (code === 'persisted_query_not_found') return { 'cache-control': 'private, no-cache, must-revalidate' };
  return refusalHeaders({ status, retryAfterMs: details.retryAfterMs });
}

/** Answers to one batch; a larger one has one for all. */
const mostAnswers = 100;

/**
 * Answers a request that was refused before GraphQL had a say.
 * https://graphql.github.io/graphql-over-http/draft/#sec-Status-Codes
 */
export function sendError(
  res: ServerResponse,
  fault: ParleyError,
  requestId: string,
  { type = 'application/json', status = fault.status }: { readonly type?: AnswerType | null; readonly status?: number },
): void {
  const result = { errors: [toGraphqlError(fault, requestId)] };
  const isBatch = fault instanceof BatchRefused && fault.size > 0 && fault.size <= mostAnswers;
  const body = JSON.stringify(isBatch ? Array.from({ length: fault.size }, () => result) : result);
  const headers = { 'content-length': Buffer.byteLength(body), ...headersOf(fault) };
  res.writeHead(status, { 'content-type': `${typeOfError(type)}; charset=utf-8`, ...headers });
  res.end(body);
}

/** A request that was not taken has no stream. */
const typeOfError = (type: AnswerType | null): AnswerType =>
  type === 'application/graphql-response+json' ? type : 'application/json';

/** Sends the outcome in one write. */
export async function sendOutcome(
  req: IncomingMessage,
  res: ServerResponse,
  outcome: Outcome,
  type: AnswerType,
  compressor: AnswerCompressor,
): Promise<void> {
  const { data, errors, fault, json } = outcome;
  const status = statusOf(fault, type);
  const result = json ?? JSON.stringify({ data, errors });
  if (type === 'text/event-stream' && status === 200) {
    sendEvents(res, result, fault);
    return;
  }
  const bytes = Buffer.byteLength(result);
  const headers = {
    'content-type': `${typeOfError(type)}; charset=utf-8`,
    ...(fault === null ? {} : headersOf(fault)),
  };
  const compressing = compressor.compress(req, result, bytes);
  if (compressing === null) {
    res.writeHead(status, { ...headers, 'content-length': bytes });
    res.end(result);
    return;
  }
  const { encoding, body } = await compressing;
  res.writeHead(status, { ...headers, 'content-encoding': encoding, 'content-length': body.length });
  res.end(body);
}

/** The one result as a stream, for clients that read nothing else. https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md */
function sendEvents(res: ServerResponse, result: string, fault: ParleyError | null): void {
  const caching = { 'cache-control': 'no-cache, no-transform', ...(fault === null ? {} : headersOf(fault)) };
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...caching });
  res.end(`event: next\ndata: ${result}\n\nevent: complete\ndata: \n\n`);
}

/** Clients of anything but `application/graphql-response+json` expect 200 when the document, or what its variables hold, is at fault. */
function statusOf(fault: ParleyError | null, type: AnswerType): number {
  if (fault === null) return 200;
  if (fault instanceof MutationByGet) return 405;
  return type !== 'application/graphql-response+json' && faultsOfDocument.has(fault.code) ? 200 : fault.status;
}

const faultsOfDocument: ReadonlySet<string> = new Set(['invalid_query', 'query_too_complex', 'invalid_input']);
