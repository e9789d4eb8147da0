import type { IncomingMessage } from 'node:http';
import { isWebSocketUpgrade } from '@parley/service-kit';

/** Why a request goes no further. */
export interface FramingFault {
  readonly status: 400 | 501;
  /** What is wrong and what to do instead, after "unable to answer; ". */
  readonly why: string;
}

/** Headers of which two would leave open which one holds. */
const single = ['host', 'content-length', 'transfer-encoding', 'content-type', 'authorization', 'upgrade'];

/**
 * Headers that are about the message. Whoever names one of them in `Connection` asks that it be dropped on the way, and then the next server reads
 * another message than the one that was looked at here. https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
 */
const endToEnd =
  /^(?:host|content-.*|transfer-encoding|expect|trailer|authorization|cookie|origin|accept.*|forwarded|x-.*|sec-.*|user-agent)$/;

/**
 * Why the request would not mean the same to every server on its way; undefined when it does. The parser of Node has refused much already (two
 * lengths, spaces around names, a length beside chunks); this holds for what HTTP allows and no client of ours has any use for.
 */
export function framingFault(request: IncomingMessage): FramingFault | undefined {
  const { method = '', url = '', headers, rawHeaders } = request;
  if (!url.startsWith('/') || url.startsWith('//'))
    return { status: 400, why: 'the target is no path: send "POST /graphql" and the host in Host' };
  const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  const twice = single.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) return { status: 400, why: `the header ${twice} is there twice: send it once` };
  const dropped = connectionOptions(headers.connection).find((name) => endToEnd.test(name));
  if (dropped !== undefined)
    return { status: 400, why: `Connection names ${dropped}, which is no header of the connection: leave it out` };
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked')
    return { status: 501, why: 'Transfer-Encoding is not "chunked", the only one that is understood' };
  if (encoding !== undefined && (headers['content-length'] !== undefined || request.httpVersion !== '1.1'))
    return {
      status: 400,
      why: 'Transfer-Encoding stands beside a Content-Length, or not in HTTP/1.1: send one of them',
    };
  if (hasBody(request) && method !== 'POST')
    return { status: 400, why: `${method} has a body, which belongs to POST alone: leave it out` };
  if (isWebSocketUpgrade(request) && (method !== 'GET' || hasBody(request)))
    return { status: 400, why: 'a WebSocket is asked for by GET without a body' };
  return undefined;
}

/** Whether bytes follow the head, or are said to. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

/** What `Connection` names, in lower case. */
export const connectionOptions = (value: string | undefined): string[] =>
  (value ?? '')
    .split(',')
    .map((option) => option.trim().toLowerCase())
    .filter((option) => option !== '');
