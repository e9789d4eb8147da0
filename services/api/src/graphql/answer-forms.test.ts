import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { limits } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World, type WorldApp } from '../../test/world.ts';

let world: World;
let app: WorldApp;
beforeAll(async () => {
  world = await createWorld();
  app = await world.app();
});
afterAll(() => world.close());

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Node's own client, which adds no header. */
function send(headers: Readonly<Record<string, string>>, body: string | Buffer, path = '/graphql'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${world.url}${path}`, { method: 'POST', headers }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.once('end', () => {
        const { date: _date, ...rest } = res.headers;
        resolve({ status: res.statusCode, headers: rest, body: Buffer.concat(chunks).toString() });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

const repeat = (count: number, part: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at)).join(' ');
const persistedQuery = { version: 1, sha256Hash: 'a'.repeat(64) };
const bodies: readonly (readonly [string, string | Buffer])[] = [
  ['data', JSON.stringify({ query: '{ me { id name } app { id } }' })],
  ['a field that fails', JSON.stringify({ query: '{ me { id } users(first: 101) { nodes { id } } }' })],
  ['a mutation that fails', JSON.stringify({ query: 'mutation { sendMessage(input: { channelId: "x:y" }) { id } }' })],
  ['a document that does not fit', JSON.stringify({ query: '{ nothing }' })],
  ['a syntax error', JSON.stringify({ query: '{ me {' })],
  ['no document', '{}'],
  ['no JSON', '{ me'],
  ['nothing', ''],
  ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ['more than a request may hold', `"${'x'.repeat(limits.requestBytes)}"`],
  ['variables that do not fit', JSON.stringify({ query: 'query ($id: ID!) { user(id: $id) { id } }' })],
  [
    'too many aliases',
    JSON.stringify({ query: `{ ${repeat(limits.queryAliases + 1, (at) => `a${at}: me { id }`)} }` }),
  ],
  ['an unknown hash', JSON.stringify({ extensions: { persistedQuery } })],
];

/** The usual header, and one that asks for the same in words that have to be weighed. */
const accepts = [
  ['application/json', 'application/json; charset=utf-8'],
  ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
  ['application/graphql-response+json', 'application/json;q=0.5, application/graphql-response+json'],
  ['*/*', 'text/html, */*'],
] as const;

describe('what is answered by the short way and by the long one is the same', () => {
  test.each(bodies)('%s', async (_name, body) => {
    const authorization = `Bearer ${await app.token('ada')}`;
    const headers = {
      authorization,
      'content-type': 'application/json',
      'x-request-id': 'same',
      origin: 'https://a.example',
    };
    for (const [usual, weighed] of accepts) {
      const short = await send({ ...headers, accept: usual }, body);
      expect(await send({ ...headers, accept: weighed }, body)).toEqual(short);
      const odd = { ...headers, accept: usual, 'content-type': 'application/json;charset="utf-8"' };
      expect(await send(odd, body)).toEqual(short);
      expect(await send({ ...headers, accept: usual }, body, '/graphql?')).toEqual(short);
    }
  });

  test('also without a token, or with one that is none', async () => {
    const body = JSON.stringify({ query: '{ me { id } }' });
    for (const authorization of [undefined, 'Bearer not.a.token', 'Basic x']) {
      const headers = {
        'content-type': 'application/json',
        'x-request-id': 'same',
        ...(authorization === undefined ? {} : { authorization }),
      };
      const short = await send(headers, body);
      expect(short.status).toBe(401);
      expect(await send({ ...headers, accept: 'application/json;charset=utf-8' }, body)).toEqual(short);
      expect(await send(headers, body, '/graphql/')).toEqual(short);
    }
  });
});

test('a compressed body is read, and one that unfolds to more than a request may hold is not', async () => {
  const headers = {
    authorization: `Bearer ${await app.token('ada')}`,
    'content-type': 'application/json',
    'content-encoding': 'gzip',
  };
  const body = gzipSync(JSON.stringify({ query: '{ me { id } }' }));
  expect(await send(headers, body)).toMatchObject({ status: 200, body: '{"data":{"me":{"id":"ada"}}}' });
  const bomb = gzipSync(`"${'x'.repeat(limits.requestBytes)}"`);
  expect(await send(headers, bomb)).toMatchObject({ status: 413 });
});

test('a form that nobody can give is refused as such', async () => {
  const headers = {
    authorization: `Bearer ${await app.token('ada')}`,
    'content-type': 'application/json',
    accept: 'text/html',
  };
  expect(await send(headers, JSON.stringify({ query: '{ me { id } }' }))).toMatchObject({ status: 406 });
});

test('a client that goes away in the middle of its body leaves the node as it was', async () => {
  const { hostname, port } = new URL(world.url);
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${await app.token('ada')}\r\n`;
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(`${head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{"query":`);
  socket.destroy();
  const answer = await app.data<{ me: { id: string } }>('{ me { id } }', {}, { as: { user: 'ada' } });
  expect(answer.me.id).toBe('ada');
});
