import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { limits, ParleyError } from '@parley/contracts';
import { isJsonObject, parseRequestJson } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { OperationRequest } from '../operations/operation-sink.ts';
import { parseRequest } from '../protocol/client-message.ts';
import { errorPayload } from '../protocol/error-payload.ts';
import type { RefusedTokens } from '../strangers/refused-tokens.ts';
import { EventStreamSession, respondWithErrors, type StreamSessionDeps, wantsEvents } from './event-stream-session.ts';

export interface EndpointDeps extends StreamSessionDeps {
  readonly ask: AskApi;
  readonly refusedTokens: RefusedTokens;
  /** Address of the client, as far as the proxies can be believed. */
  readonly addressOf: (request: IncomingMessage) => string;
}

const bodyDeadlineMs = 10_000;

/** POST with `accept: text/event-stream`: one operation, whose results are the events of the answer. */
export async function answerWithEvents(
  deps: EndpointDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let session: EventStreamSession | undefined;
  try {
    allowOrigin(request, response);
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (request.method !== 'POST' || !acceptsEvents(request)) throw wantsEvents();
    const token = bearerToken(request);
    const origin = request.headers.origin ?? null;
    const look = () => deps.ask('session.open', { token, origin });
    const principal = await deps.refusedTokens.look(deps.addressOf(request), token, look);
    if (response.destroyed) return;
    session = new EventStreamSession(deps, response, { principal, token, origin });
    // Before the body, so that bodies that come slowly are as few as connections may be.
    await session.open();
    const { operation, bytes } = await readOperation(request);
    const refusal = session.quota.frameFault(bytes);
    if (refusal !== null)
      throw new ParleyError('rate_limited', `unable to run the operation; ${refusal}`, { retryAfterMs: 1_000 });
    session.start(operation, bytes);
  } catch (error) {
    if (response.headersSent || response.destroyed) return void response.destroy();
    if (!request.complete) {
      response.setHeader('connection', 'close');
      request.resume();
    }
    const errors = errorPayload(error, deps.logger);
    if (session === undefined) respondWithErrors(response, errors);
    else session.error(errors);
  }
}

export const acceptsEvents = (request: IncomingMessage): boolean =>
  (request.headers.accept ?? '').includes('text/event-stream');

/** Browsers ask whether another origin may read the answer. The token decides that, not a cookie, so any may; the API checks the app's own list. */
function allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
  if (headers.origin === undefined) return;
  response.setHeader('access-control-allow-origin', headers.origin);
  response.setHeader('vary', 'accept, access-control-request-headers, origin');
  response.setHeader('access-control-allow-methods', 'POST');
  const asked = headers['access-control-request-headers'];
  // Clients add headers of their own, for tracing; what they asked for was parsed as a header, so it can be sent as one.
  response.setHeader('access-control-allow-headers', asked ?? 'authorization, content-type');
  response.setHeader('access-control-max-age', '7200');
}

function bearerToken({ headers }: IncomingMessage): string {
  const [, token] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined)
    throw new ParleyError('unauthenticated', 'unable to authenticate; send the header authorization: Bearer <token>');
  return token;
}

const unreadable = (why: string) => new ParleyError('invalid_query', `unable to read the request; ${why}`);

async function readOperation(
  request: IncomingMessage,
): Promise<{ readonly operation: OperationRequest; readonly bytes: number }> {
  // Forms and plain text can be sent from any page without asking first, so nothing but JSON is taken.
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? ''))
    throw unreadable('send it as "Content-Type: application/json"');
  const bytes = await readBody(request);
  if (!isUtf8(bytes)) throw unreadable('the body is not UTF-8');
  let body: unknown;
  try {
    body = parseRequestJson(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof ParleyError) throw error;
    throw unreadable('the body is not JSON');
  }
  if (isHashAlone(body)) throw new ParleyError('persisted_query_not_found', 'PersistedQueryNotFound');
  const operation = parseRequest(body);
  if (typeof operation === 'string') throw unreadable(`the body ${operation}`);
  return { operation, bytes: bytes.length };
}

/** Documents are not stored here: clients that send a hash first send the document when they hear that it is not known. */
const isHashAlone = (body: unknown): boolean =>
  isJsonObject(body) &&
  !body['query'] &&
  isJsonObject(body['extensions']) &&
  isJsonObject(body['extensions']['persistedQuery']);

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const limit = limits.requestBytes;
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => request.destroy(new Error('the body took too long')), bodyDeadlineMs);
  try {
    // Not destroyed when it is too much: the answer that says so travels on the same socket.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      // Nobody sets an encoding, so the chunks are bytes.
      const part = chunk as Buffer;
      bytes += part.length;
      if (bytes > limit)
        throw new ParleyError('payload_too_large', `unable to read the request; the body is over ${limit} bytes`, {
          limit,
        });
      chunks.push(part);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}
