import type { IncomingMessage } from 'node:http';
import { connectionOptions } from '../../dev/request-framing.ts';

/** Headers that are about one connection, not about the message. https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Name, value, name, value: those that go on to the other side. */
export function endToEndHeaders(raw: readonly string[]): string[] {
  const named = new Set(
    pairs(raw).flatMap(([name, value]) => (name.toLowerCase() === 'connection' ? connectionOptions(value) : [])),
  );
  return pairs(raw)
    .filter(([name]) => !hopByHop.has(name.toLowerCase()) && !named.has(name.toLowerCase()))
    .flat();
}

/**
 * The headers of a request for a node, and who asked (undefined: it is not passed on). The body is framed as it was read here, whatever the method: left to itself Node sends the
 * body of a GET, DELETE, HEAD or OPTIONS without a length, and the node would read it as the next request.
 */
export function requestHeaders({ rawHeaders, headers }: IncomingMessage, client: string | undefined): string[] {
  // The edge has answered an Expect by itself.
  const kept = pairs(endToEndHeaders(rawHeaders)).filter(
    ([name]) => !['content-length', 'expect'].includes(name.toLowerCase()),
  );
  const framing: [string, string] =
    headers['transfer-encoding'] === undefined
      ? ['Content-Length', headers['content-length'] ?? '0']
      : ['Transfer-Encoding', 'chunked'];
  return [...kept, framing, ...forwardedFor(client)].flat();
}

/** The head of the request for a WebSocket. */
export function upgradeHead({ url = '/', rawHeaders, socket }: IncomingMessage): string {
  const kept = pairs(endToEndHeaders(rawHeaders)).filter(([name]) => name.toLowerCase() !== 'content-length');
  const lines = [...kept, ['Connection', 'Upgrade'], ['Upgrade', 'websocket'], ...forwardedFor(socket.remoteAddress)];
  return [`GET ${url} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
}

const forwardedFor = (client: string | undefined): [string, string][] =>
  client === undefined ? [] : [['X-Forwarded-For', client]];

function pairs(raw: readonly string[]): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) found.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return found;
}
