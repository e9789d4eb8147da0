import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { limits, ParleyError } from '@parley/contracts';

const json = /^application\/json(?:; ?charset=utf-8)?$/i;

/** Whether this is a request as clients send it: JSON in UTF-8, posted to the one address, not compressed. Its body needs no framework to be read. */
export const isPlainRequest = ({ method, url, headers }: IncomingMessage): boolean =>
  method === 'POST' &&
  url === '/graphql' &&
  (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) &&
  headers['content-encoding'] === undefined &&
  headers['content-type'] !== undefined &&
  json.test(headers['content-type']);

/**
 * The body as text. What is over `limit` bytes is read to its end and not kept, so that the client gets to see the refusal.
 * @throws payload_too_large, disconnected, invalid_query when it is not UTF-8
 */
export function readPlainBody(request: IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const gone = () => {
      if (!request.complete) reject(clientGone());
    };
    if (request.destroyed) return reject(clientGone());
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.once('end', () => {
      if (bytes > limit) return reject(tooLarge(limit));
      const [first] = chunks;
      const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
      // Decoding would put U+FFFD for what is no UTF-8, and so change what was said without a word.
      if (!isUtf8(body)) return reject(unreadable());
      resolve(body.toString('utf8'));
    });
    request.once('error', gone);
    request.once('close', gone);
  });
}

export const clientGone = (): ParleyError =>
  new ParleyError('disconnected', 'unable to read the request; the client went away');

/** The refusal of a body that is over `limit` bytes. */
export const tooLarge = (limit: number): ParleyError =>
  new ParleyError('payload_too_large', `unable to read the request; it is over ${limit} bytes`, { limit });

/** The refusal of a body that is no JSON. */
export const unreadable = (): ParleyError =>
  new ParleyError('invalid_query', 'unable to read the request; the body is not a JSON object, encoded as UTF-8');

/** Bytes that a caller's body may have. */
export const bodyLimitOf = (caller: { readonly kind: string }): number =>
  caller.kind === 'stranger' ? limits.strangerRequestBytes : limits.requestBytes;
