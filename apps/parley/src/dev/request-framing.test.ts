import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { framingFault } from './request-framing.ts';

function asked(first: string, ...lines: readonly string[]): IncomingMessage {
  const [method, url, version = 'HTTP/1.1'] = first.split(' ');
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method, url, httpVersion: version.slice('HTTP/'.length) });
  for (const line of ['Host: any', ...lines]) {
    const [name = '', value = ''] = line.split(': ');
    request.rawHeaders.push(name, value);
    const lower = name.toLowerCase();
    const before = request.headers[lower];
    request.headers[lower] = before === undefined ? value : `${String(before)}, ${value}`;
  }
  return request;
}

test.each([
  ['GET /graphql'],
  ['GET /graphql', 'Content-Length: 0'],
  ['POST /graphql', 'Content-Length: 5', 'Connection: keep-alive'],
  ['POST /graphql', 'Transfer-Encoding: Chunked', 'Connection: close, TE'],
  ['POST /graphql', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'Content-Length: 5'],
  ['GET /graphql', 'Connection: keep-alive, Upgrade', 'Upgrade: WebSocket'],
])('%s %s %s %s goes on', (first, ...lines) => {
  expect(framingFault(asked(first, ...lines))).toBeUndefined();
});

test.each([
  ['no path', 'GET http://any/graphql'],
  ['no path', 'GET //any/graphql'],
  ['no path', 'OPTIONS *'],
  ['host is there twice', 'GET /graphql', 'Host: other'],
  ['authorization is there twice', 'GET /graphql', 'Authorization: Bearer a', 'Authorization: Bearer b'],
  ['GET has a body', 'GET /graphql', 'Content-Length: 5'],
  ['DELETE has a body', 'DELETE /graphql', 'Transfer-Encoding: chunked'],
  ['Connection names content-length', 'POST /graphql', 'Content-Length: 5', 'Connection: close, Content-Length'],
  [
    'Connection names transfer-encoding',
    'POST /graphql',
    'Transfer-Encoding: chunked',
    'Connection: transfer-encoding',
  ],
  ['Connection names authorization', 'POST /graphql', 'Connection: authorization'],
  ['Connection names x-forwarded-for', 'POST /graphql', 'Connection: X-Forwarded-For'],
  ['the only one that is understood', 'POST /graphql', 'Transfer-Encoding: gzip, chunked'],
  ['not in HTTP/1.1', 'POST /graphql HTTP/1.0', 'Transfer-Encoding: chunked'],
  ['by GET without a body', 'POST /graphql', 'Connection: Upgrade', 'Upgrade: websocket'],
])('%s: %s %s %s is refused', (why, first, ...lines) => {
  expect(framingFault(asked(first, ...lines))?.why).toContain(why);
});
