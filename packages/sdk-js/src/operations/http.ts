import { type ErrorCode, ParleyError } from '@parley/contracts';
import type { GraphqlResult, Operation } from '../connection/link.ts';
import { isRecord, parseJson } from '../lib/json.ts';
import { errorOf } from './graphql-error.ts';

export interface Http {
  /** @throws disconnected; and what a status says when the answer is no GraphQL result */
  post(operation: Operation, token: string, signal: AbortSignal): Promise<GraphqlResult>;
  /** Opens a stream of events. @throws as post */
  stream(operation: Operation, token: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** A step of a request. The reason of an abort says more than what the abort breaks. */
async function overNetwork<T>(signal: AbortSignal, failed: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    throw signal.aborted ? signal.reason : new ParleyError('disconnected', failed, { cause });
  }
}

export function createHttp({ url, fetch }: { readonly url: string; readonly fetch: typeof globalThis.fetch }): Http {
  const send = (operation: Operation, token: string, accept: string, signal: AbortSignal): Promise<Response> =>
    overNetwork(signal, `unable to reach ${new URL(url).origin}; the request failed`, () =>
      fetch(url, {
        method: 'POST',
        headers: { accept, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(operation),
        signal,
      }),
    );

  const resultOf = async (response: Response, signal: AbortSignal): Promise<GraphqlResult> => {
    const text = await overNetwork(
      signal,
      'unable to learn the outcome; the connection broke before the answer came',
      () => response.text(),
    );
    const body = parseJson(text);
    if (isRecord(body) && ('data' in body || Array.isArray(body['errors']))) return body;
    throw statusError(response);
  };

  return {
    async post(operation, token, signal) {
      const accept = 'application/graphql-response+json, application/json';
      return resultOf(await send(operation, token, accept, signal), signal);
    },
    async stream(operation, token, signal) {
      const response = await send(operation, token, 'text/event-stream', signal);
      const type = response.headers.get('content-type') ?? '';
      if (response.ok && response.body !== null && type.startsWith('text/event-stream')) return response.body;
      throw errorOf((await resultOf(response, signal)).errors);
    },
  };
}

const codes = new Map<number, ErrorCode>([
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [413, 'payload_too_large'],
  [429, 'rate_limited'],
]);

function statusError({ status, headers }: Response): ParleyError {
  const cure = status === 404 ? ': is the url right?' : '';
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new ParleyError(
    codes.get(status) ?? (status >= 500 ? 'unavailable' : 'internal'),
    `unable to run the operation; the server answered with status ${status}${cure}`,
    { retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined },
  );
}
