/** Parts of an attack. */
export interface SmugglingParts {
  /** Name of the server, for `Host`. */
  readonly host: string;
  /** A whole request that must not run. */
  readonly hidden: string;
}

/** One way to hide a request in another. https://portswigger.net/web-security/request-smuggling */
export interface SmugglingForm {
  readonly name: string;
  /** Bytes that go over the wire, as Latin-1. */
  bytes(parts: SmugglingParts): string;
  /** The hidden request stands after a complete one, where a server may take it for the next: only others' answers count. */
  readonly pipelined?: true;
}

type Build = (parts: SmugglingParts) => string;

const chunked = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const ended = (body: string) => `0\r\n\r\n${body}`;
const head = (host: string, lines: readonly string[], first = 'POST /graphql HTTP/1.1') =>
  `${[first, `Host: ${host}`, ...lines].join('\r\n')}\r\n\r\n`;

/** The hidden request is the body by its length, and follows the body by its chunks. */
const obfuscated =
  (...encoding: readonly string[]): Build =>
  ({ host, hidden }) =>
    head(host, [`Content-Length: ${ended(hidden).length}`, ...encoding]) + ended(hidden);
/** The hidden request is the body by the right length; the lines say another. */
const measured =
  (lines: (length: number) => readonly string[]): Build =>
  ({ host, hidden }) =>
    head(host, lines(hidden.length)) + hidden;
/** The hidden request is the body, framed in a way that the lines call in question. */
const inChunks =
  (lines: readonly string[], first?: string): Build =>
  ({ host, hidden }) =>
    head(host, ['Transfer-Encoding: chunked', ...lines], first) + chunked(hidden);
const inLength =
  (lines: readonly string[], first?: string): Build =>
  ({ host, hidden }) =>
    head(host, [`Content-Length: ${hidden.length}`, ...lines], first) + hidden;
const rawChunks =
  (body: Build): Build =>
  (parts) =>
    head(parts.host, ['Transfer-Encoding: chunked']) + body(parts);

const upgrade = ['Connection: Upgrade', 'Upgrade: websocket'];
const handshake = [...upgrade, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
const h2c = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA'];
const bodiless = ['GET', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH'];

const forms: readonly (readonly [name: string, bytes: Build, pipelined?: true])[] = [
  ['CL.TE: a length and chunks', obfuscated('Transfer-Encoding: chunked')],
  [
    'TE.CL: a short length and chunks',
    ({ host, hidden }) => head(host, ['Content-Length: 4', 'Transfer-Encoding: chunked']) + chunked(hidden),
  ],
  ['TE: an unknown encoding', obfuscated('Transfer-Encoding: xchunked')],
  ['TE: a space before the colon', obfuscated('Transfer-Encoding : chunked')],
  ['TE: a tab before the value', obfuscated('Transfer-Encoding:\tchunked')],
  ['TE: a vertical tab in the value', obfuscated('Transfer-Encoding: \x0bchunked')],
  ['TE: a NUL in the value', obfuscated('Transfer-Encoding: chunked\0')],
  ['TE: quoted', obfuscated('Transfer-Encoding: "chunked"')],
  ['TE: in capitals', obfuscated('TRANSFER-ENCODING: CHUNKED')],
  ['TE: with an underscore', obfuscated('Transfer_Encoding: chunked')],
  ['TE: chunked is not the last', obfuscated('Transfer-Encoding: chunked, identity')],
  ['TE: chunked after another', obfuscated('Transfer-Encoding: identity, chunked')],
  ['TE: twice, the second one unknown', obfuscated('Transfer-Encoding: chunked', 'Transfer-Encoding: cow')],
  ['TE: folded over two lines', obfuscated('Transfer-Encoding:\r\n chunked')],
  ['TE: behind a bare LF', obfuscated('X-Any: x\nTransfer-Encoding: chunked')],
  ['TE: behind a bare CR', obfuscated('X-Any: x\rTransfer-Encoding: chunked')],
  ['TE: in HTTP/1.0', inChunks([], 'POST /graphql HTTP/1.0')],
  ['CL: twice, other values', measured((length) => ['Content-Length: 0', `Content-Length: ${length}`])],
  ['CL: two values in one', measured((length) => [`Content-Length: 0, ${length}`])],
  ['CL: with a plus', measured((length) => [`Content-Length: +${length}`])],
  ['CL: with a minus', measured((length) => [`Content-Length: -${length}`])],
  ['CL: in hexadecimal', measured((length) => [`Content-Length: 0x${length.toString(16)}`])],
  ['CL: with a space inside', measured((length) => [`Content-Length: 0 ${length}`])],
  ['CL: above 64 bits', measured(() => ['Content-Length: 18446744073709551616'])],
  ['CL: with a space before the colon', measured((length) => [`Content-Length : ${length}`, 'Content-Length: 0'])],
  ['CL: in a line that begins with a space', measured((length) => [` Content-Length: ${length}`, 'Content-Length: 0'])],
  [
    'a bare LF ends the head',
    ({ host, hidden }) => `POST /graphql HTTP/1.1\nHost: ${host}\nContent-Length: ${hidden.length}\n\n${hidden}`,
  ],
  [
    'a chunk with an extension',
    rawChunks(({ hidden }) => `${hidden.length.toString(16)};a="b\r\n"\r\n${hidden}\r\n0\r\n\r\n`),
  ],
  [
    'a chunk extension with a bare LF',
    rawChunks(({ hidden }) => `2;\nxx\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`),
  ],
  ['a chunk size with a sign', rawChunks(({ hidden }) => `+${chunked(hidden)}`)],
  ['a chunk size in 0x', rawChunks(({ hidden }) => `0x${chunked(hidden)}`)],
  ['a chunk size that overflows', rawChunks(({ hidden }) => `10000000000000000${chunked(hidden)}`)],
  ['a chunk that is longer than it says', rawChunks(({ hidden }) => `2\r\nxx${chunked(hidden)}`)],
  [
    'a length among the trailers',
    rawChunks(({ hidden }) => `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\nContent-Length: 7\r\n\r\n`),
  ],
  ...bodiless.flatMap((method): [string, Build][] => [
    [`${method} with chunks`, inChunks([], `${method} /graphql HTTP/1.1`)],
    [`${method} with a length`, inLength([], `${method} /graphql HTTP/1.1`)],
    [
      `${method} whose Connection names its length`,
      inLength(['Connection: content-length'], `${method} /graphql HTTP/1.1`),
    ],
  ]),
  ['POST whose Connection names its length', inLength(['Connection: keep-alive, Content-Length'])],
  ['POST whose Connection names its encoding', inChunks(['Connection: transfer-encoding'])],
  [
    'GET whose two Connections name its encoding',
    inChunks(['Connection: keep-alive', 'Connection: Transfer-Encoding'], 'GET /graphql HTTP/1.1'),
  ],
  ['a WebSocket upgrade with a length', inLength(handshake, 'GET /graphql HTTP/1.1')],
  ['a WebSocket upgrade with chunks', inChunks(handshake, 'GET /graphql HTTP/1.1')],
  ['a WebSocket upgrade by POST', inLength(handshake)],
  ['an h2c upgrade with a length', inLength(h2c)],
  ['an h2c upgrade by GET with chunks', inChunks(h2c, 'GET /graphql HTTP/1.1')],
  ['what follows an upgrade', ({ host, hidden }) => head(host, handshake, 'GET /graphql HTTP/1.1') + hidden],
  [
    'what follows an upgrade that is refused',
    ({ host, hidden }) => head(host, upgrade, 'GET /graphql HTTP/1.1') + hidden,
    true,
  ],
  [
    'what follows an upgrade of an unknown version',
    ({ host, hidden }) =>
      head(
        host,
        [...handshake.slice(0, 2), 'Sec-WebSocket-Version: 777', ...handshake.slice(3)],
        'GET /graphql HTTP/1.1',
      ) + hidden,
    true,
  ],
  ['an absolute target', ({ host, hidden }) => inLength([], `GET http://${host}/graphql HTTP/1.1`)({ host, hidden })],
  ['an absolute target of another host', inLength([], 'GET http://other.invalid/graphql HTTP/1.1')],
  ['OPTIONS *', inChunks([], 'OPTIONS * HTTP/1.1')],
  ['CONNECT', ({ host, hidden }) => inLength([], `CONNECT ${host} HTTP/1.1`)({ host, hidden })],
  ['TRACE', inLength([], 'TRACE /graphql HTTP/1.1')],
  ['Expect: 100-continue on a GET', inLength(['Expect: 100-continue'], 'GET /graphql HTTP/1.1')],
  ['Expect of something unknown', inLength(['Expect: 200-smuggled'])],
  ['two Hosts', inLength(['Host: other.invalid'])],
  ['a second request line in the target', inLength([], 'GET /graphql HTTP/1.1 HTTP/1.1')],
  ['HTTP/1.9', inChunks([], 'POST /graphql HTTP/1.9')],
  ['an HTTP/2 preface', ({ hidden }) => `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden}`],
];

/** Forms of request smuggling: each must leave the hidden request unrun, and everybody else's answers their own. */
export const smugglingForms: readonly SmugglingForm[] = forms.map(([name, bytes, pipelined]) => ({
  name,
  bytes,
  ...(pipelined === true ? { pipelined } : {}),
}));
