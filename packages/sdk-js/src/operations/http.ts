import { ParleyError } from '@parley/contracts';
import type { GraphqlResult, Operation } from '../connection/link.ts';
import { isRecord, parseJson } from '../lib/json.ts';
import { errorOf } from './fault.ts';

export interface Http {
  /** @throws disconnected; and what a status says when the answer is no GraphQL result */
  post(operation: Operation, token: string, signal: AbortSignal): Promise<GraphqlResult>;
  /** Opens a stream of events. @throws as post */
  stream(operation: Operation, token: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

export function createHttp({ url, fetch }: { readonly url: string; readonly fetch: typeof globalThis.fetch }): Http {
  const send = async (operation: Operation, token: string, accept: string, signal: AbortSignal): Promise<Response> => {
    try {
      return await fetch(url, {
        method: 'POST',
        headers: { accept, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(operation),
        signal,
      });
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw new ParleyError('disconnected', `unable to reach ${new URL(url).origin}; the request failed`, { cause });
    }
  };

  const textOf = async (response: Response, signal: AbortSignal): Promise<string> => {
    try {
      return await response.text();
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw new ParleyError('disconnected', 'unable to read the answer; the connection broke', { cause });
    }
  };

  const resultOf = async (response: Response, signal: AbortSignal): Promise<GraphqlResult> => {
    const body = parseJson(await textOf(response, signal));
    if (isRecord(body) && ('data' in body || Array.isArray(body['errors']))) return body;
    throw statusError(response);
  };

  return {
    async post(operation, token, signal) {
      return resultOf(
        await send(operation, token, 'application/graphql-response+json, application/json', signal),
        signal,
      );
    },
    async stream(operation, token, signal) {
      const response = await send(operation, token, 'text/event-stream', signal);
      const type = response.headers.get('content-type') ?? '';
      if (response.ok && response.body !== null && type.startsWith('text/event-stream')) return response.body;
      const { errors } = await resultOf(response, signal);
      throw errorOf(errors ?? []);
    },
  };
}

function statusError(response: Response): ParleyError {
  const message = `unable to run the operation; the server answered with status ${response.status}`;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  switch (response.status) {
    case 401:
      return new ParleyError('unauthenticated', message);
    case 403:
      return new ParleyError('forbidden', message);
    case 404:
      return new ParleyError('not_found', `${message}: is the url right?`);
    case 413:
      return new ParleyError('payload_too_large', message);
    case 429:
      return new ParleyError('rate_limited', message, { retryAfterMs });
    default:
      return response.status >= 500
        ? new ParleyError('unavailable', message, { retryAfterMs })
        : new ParleyError('internal', message);
  }
}
