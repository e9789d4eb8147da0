import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { limits } from '@parley/contracts';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, postGraphql } from './post-graphql.ts';
import { createWorld, type World, type WorldApp } from './world.ts';

let world: World;
let app: WorldApp;
let authorization: string;
beforeAll(async () => {
  world = await createWorld();
  app = await world.app();
  authorization = `Bearer ${await app.token('ada')}`;
});
afterAll(() => world.close());

const json = 'application/json';
const response = 'application/graphql-response+json';
const post = (body: unknown, headers: Record<string, string> = {}) =>
  postGraphql(world, body, { authorization, ...headers });
const get = (query: Record<string, string>, init: RequestInit = {}) =>
  fetch(`${world.url}/graphql?${new URLSearchParams(query)}`, { headers: { authorization }, ...init });
const typeOf = (headers: Headers) => headers.get('content-type')?.split(';')[0];
const coercion = { query: 'query ($id: ID!) { user(id: $id) { id } }' };

describe('the status says whose fault it is, in each media type', () => {
  test.each([
    ['no document', {}, 400, 400],
    ['another name for it', { qeury: '{ __typename }' }, 400, 400],
    ['an empty document', { query: '' }, 400, 400],
    ['a variable that does not fit', coercion, 200, 400],
    ['a syntax error', { query: '{' }, 200, 400],
    ['a field that fails', { query: '{ me { id } message(id: "zz") { id } }' }, 200, 200],
  ])('%s', async (_name, body, plain, exact) => {
    for (const [accept, status] of [
      [json, plain],
      [response, exact],
    ] as const) {
      const answer = await post(body, { accept });
      expect([answer.status, typeOf(answer.headers)]).toEqual([status, accept]);
    }
  });

  test('also by GET, which changes nothing, and by HEAD, which says nothing', async () => {
    expect((await get({})).status).toBe(400);
    expect((await get({ query: 'mutation { updateMe(input: {}) { id } }' })).status).toBe(405);
    const [one, none] = [
      await get({ query: '{ __typename }' }),
      await get({ query: '{ __typename }' }, { method: 'HEAD' }),
    ];
    expect([none.status, none.headers.get('content-length'), await none.text()]).toEqual([
      200,
      one.headers.get('content-length'),
      '',
    ]);
  });
});

test.each([
  ['a body over the limit', { query: '{ __typename }', variables: { a: 'x'.repeat(limits.requestBytes) } }, 413],
  ['no JSON', 'NONSENSE', 400],
  ['variables that are no object', { query: '{ __typename }', variables: [7] }, 400],
  ['a batch', [{ query: '{ __typename }' }], 400],
])('%s is refused in the media type that was asked for', async (_name, body, status) => {
  for (const accept of [response, json]) {
    const answer = await post(body, { accept });
    expect([answer.status, typeOf(answer.headers)]).toEqual([status, accept]);
  }
});

test('each operation of a batch hears that batches are not taken', async () => {
  const { body } = await post([{ query: '{ __typename }' }, { query: '{ __typename }' }]);
  const refusal = {
    errors: [{ message: expect.stringContaining('batches are not taken'), extensions: { code: 'invalid_query' } }],
  };
  expect(body).toMatchObject([refusal, refusal]);
});

test('who accepts nothing that there is gets to read what there is', async () => {
  const answer = await post({ query: '{ __typename }' }, { accept: 'image/png' });
  expect(answer).toMatchObject({
    status: 406,
    body: { errors: [{ extensions: { code: 'invalid_input', field: 'accept' } }] },
  });
});

test('who reads nothing but events gets one', async () => {
  const answer = await get({ query: '{ __typename }' }, { headers: { authorization, accept: 'text/event-stream' } });
  expect(typeOf(answer.headers)).toBe('text/event-stream');
  expect(await answer.text()).toBe('event: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata: \n\n');
});

test('a missing token, and one that is refused, say what to send', async () => {
  for (const header of ['', 'Basic YTpi', 'Bearer a.b.c']) {
    const answer = await post({ query: '{ me { id } }' }, { authorization: header });
    expect([answer.status, answer.headers.get('www-authenticate'), codeOf(answer)]).toEqual([
      401,
      'Bearer',
      'unauthenticated',
    ]);
  }
});

test('an empty operation name is none', async () => {
  const query = 'query A { __typename }';
  expect(await (await get({ query, operationName: '' })).json()).toEqual({ data: { __typename: 'Query' } });
  expect((await post({ query, operationName: '' })).body).toEqual({ data: { __typename: 'Query' } });
});

test('a hash that is not known is answered so that any client sends the document', async () => {
  const query = '{ __typename }';
  const persistedQuery = { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') };
  for (const accept of [json, response]) {
    const miss = await post({ extensions: { persistedQuery } }, { accept });
    expect([miss.status, miss.headers.get('cache-control'), miss.body.errors?.[0]?.message]).toEqual([
      200,
      'private, no-cache, must-revalidate',
      'PersistedQueryNotFound',
    ]);
  }
});

test.each([
  ['syntax', { query: '{ me {\n  id\n' }, { line: 3, column: 1 }],
  ['U+0000', { query: '{ user(id: "\\u0000") { id } }' }, { line: 1, column: 12 }],
  ['validation', { query: '{ nothing }' }, { line: 1, column: 3 }],
  ['variables', coercion, { line: 1, column: 8 }],
])('an error of %s says where', async (_name, body, place) => {
  const { body: answer } = await post(body);
  expect(answer.errors?.[0]).toMatchObject({ locations: [place] });
});

describe('a large answer', () => {
  /** Node's own client, which does not decompress. */
  const bytesOf = (encodings: string, query: string) =>
    new Promise<{ readonly encoding: string | undefined; readonly body: Buffer }>((resolve, reject) => {
      const headers = { authorization, 'content-type': json, 'accept-encoding': encodings };
      const sent = request(`${world.url}/graphql`, { method: 'POST', headers }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.once('end', () => resolve({ encoding: res.headers['content-encoding'], body: Buffer.concat(chunks) }));
      });
      sent.once('error', reject);
      sent.end(JSON.stringify({ query }));
    });

  test('is compressed as the client likes it best, and is the same', async () => {
    const query = getIntrospectionQuery();
    const plain = await bytesOf('identity', query);
    expect(plain.encoding).toBeUndefined();
    for (const [accept, encoding, decompress] of [
      ['gzip, deflate', 'gzip', gunzipSync],
      ['br, gzip', 'br', brotliDecompressSync],
      ['gzip;q=0.5, br;q=1', 'br', brotliDecompressSync],
    ] as const) {
      const answer = await bytesOf(accept, query);
      expect(answer.encoding).toBe(encoding);
      expect(decompress(answer.body).equals(plain.body)).toBe(true);
      expect(answer.body.length).toBeLessThan(plain.body.length / 4);
    }
  });

  test('is all that is compressed', async () => {
    expect(await bytesOf('gzip, br', '{ __typename }')).toMatchObject({ encoding: undefined });
  });
});

test('caches keep the forms of an answer apart', async () => {
  const { headers } = await get({ query: '{ __typename }' });
  expect(headers.get('vary')).toBe('accept, accept-encoding, origin');
});

test('an address without GraphQL says where it is, also to pages of other origins', async () => {
  const origin = 'https://chat.example';
  const preflight = await fetch(`${world.url}/api`, { method: 'OPTIONS', headers: { origin } });
  const answer = await fetch(`${world.url}/api`, { method: 'POST', headers: { origin } });
  expect([preflight.status, answer.status]).toEqual([204, 404]);
  for (const { headers } of [preflight, answer]) expect(headers.get('access-control-allow-origin')).toBe(origin);
  expect(await answer.json()).toMatchObject({
    errors: [{ message: 'unable to find /api; GraphQL is at /graphql', extensions: { code: 'not_found' } }],
  });
});
