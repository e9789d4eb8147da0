import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { limits } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { World, WorldApp } from '../test/world.ts';
import { createWorld } from '../test/world.ts';

let world: World;
let app: WorldApp;
beforeAll(async () => {
  world = await createWorld();
  app = await world.app();
});
afterAll(() => world.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly data?: unknown;
    readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
  };
}

async function post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: typeof body === 'string' ? body : body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body),
  });
  // The shape of a GraphQL response over HTTP.
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}
const bearer = async (user = 'ada') => ({ authorization: `Bearer ${await app.token(user)}` });
const codeOf = ({ body }: Answer) => body.errors?.[0]?.extensions['code'];

describe('without a token', () => {
  test('`__typename` and the schema can be asked for', async () => {
    expect(await post({ query: '{ __typename }' })).toMatchObject({
      status: 200,
      body: { data: { __typename: 'Query' } },
    });
    const { body } = await post({ query: '{ __schema { queryType { name } } }' });
    expect(body).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
  });

  test.each([
    ['{ me { id } }'],
    ['{ __typename ... on Query { app { id } } }'],
    ['mutation { updateMe(input: {}) { id } }'],
  ])('%s is refused before any SQL', async (query) => {
    const { value, statements } = await world.statements(() => post({ query }));
    expect(value).toMatchObject({
      status: 401,
      body: { errors: [{ message: expect.stringContaining('no token was sent') }] },
    });
    expect(codeOf(value)).toBe('unauthenticated');
    expect(ofRequest(statements)).toEqual([]);
  });

  test.each([['Basic abc'], ['Bearer'], ['Bearer not.a.token']])('"%s" is no token', async (authorization) => {
    expect(await post({ query: '{ __typename }' }, { authorization })).toMatchObject({
      status: 401,
      body: { errors: [{ extensions: { code: 'unauthenticated' } }] },
    });
  });
});

/** Statements of the node's jobs are not the request's, and who asks is looked up before anything is read. */
const ofRequest = (statements: readonly string[]) =>
  statements.filter(
    (text) => !/outbox|presence_leases|channel_events|read-credential-statuses|api_keys|INTO users|AS role/.test(text),
  );
const repeat = (count: number, part: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at)).join(' ');

describe('too much is refused before any SQL', () => {
  const deep = `{ channel(id: "messaging:a") ${'{ messages { nodes '.repeat(4)}{ quoted ${'{ quoted '.repeat(8)}{ id }${' }'.repeat(8)} } ${'} }'.repeat(4)} }`;
  test.each([
    ['deep', deep],
    ['wide', `{ channels(first: 100) { nodes { messages(last: 100) { nodes { id text seq } } } } }`],
    ['aliased', `{ ${repeat(limits.queryAliases + 1, (at) => `a${at}: me { id }`)} }`],
    ['decorated', `{ me { id ${repeat(limits.queryDirectives + 1, () => '@skip(if: false)')} } }`],
    ['of too many tokens', `{ ${repeat(limits.queryTokens, () => '__typename')} }`],
  ])('%s', async (_name, query) => {
    const headers = await bearer();
    const { value, statements } = await world.statements(() => post({ query }, headers));
    expect(value.status).toBe(400);
    expect(value.body.errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^unable to run the document; /),
      extensions: { code: 'query_too_complex', limit: expect.any(Number) },
    });
    expect(ofRequest(statements)).toEqual([]);
  });

  test('a page that a variable makes too large, also when the document is known', async () => {
    const query = 'query ($n: Int) { channels(first: $n) { nodes { messages(last: 100) { nodes { id text seq } } } } }';
    expect((await post({ query, variables: { n: 1 } }, await bearer())).status).toBe(200);
    expect(codeOf(await post({ query, variables: { n: 100 } }, await bearer()))).toBe('query_too_complex');
    expect(codeOf(await post({ query, operationName: 'Other' }, await bearer()))).toBe('invalid_query');
  });

  test('a fragment that spreads itself', async () => {
    const answer = await post(
      { query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' },
      await bearer(),
    );
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'invalid_query' } }] } });
  });

  test('a body over the limit, said in its length or not', async () => {
    const query = `{ __typename } # ${'x'.repeat(limits.requestBytes)}`;
    for (const [headers, limit] of [
      [await bearer(), limits.requestBytes],
      [{}, limits.strangerRequestBytes],
    ] as const)
      expect(await post({ query }, headers)).toMatchObject({
        status: 413,
        body: { errors: [{ extensions: { code: 'payload_too_large', limit } }] },
      });
    const status = await new Promise((resolve, reject) => {
      const req = request(
        `${world.url}/graphql`,
        { method: 'POST', headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' } },
        (res) => {
          res.resume();
          resolve(res.statusCode);
        },
      );
      req.on('error', reject);
      req.end(JSON.stringify({ query }));
    });
    expect(status).toBe(413);
  });
});

describe('a request that makes no sense', () => {
  test.each([
    ['no JSON', '{ me'],
    ['an empty body', ''],
    ['a list', [{ query: '{ __typename }' }]],
    ['a string', '"x"'],
    ['no query', {}],
    ['a query that is no text', { query: 1 }],
    ['variables that are no object', { query: '{ __typename }', variables: [] }],
    ['a syntax error', { query: '{ me {' }],
    ['an unknown field', { query: '{ nothing }' }],
    ['an unknown operation', { query: '{ __typename }', operationName: 'Other' }],
  ])('%s', async (_name, body) => {
    const answer = await post(body, await bearer());
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.extensions).toMatchObject({
      code: 'invalid_query',
      retryable: false,
      docs: 'docs/errors/invalid_query.md',
      requestId: answer.headers.get('x-request-id'),
    });
  });

  test('variables that do not fit say which', async () => {
    const query = 'query ($id: ID!, $first: Int) { channel(id: $id) { members(first: $first) { nodes { role } } } }';
    for (const variables of [{}, { id: ['a'] }, { id: 'a:b', first: 'many' }]) {
      const answer = await post({ query, variables }, await bearer());
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: [{ extensions: { code: 'invalid_input', field: 'first' in variables ? 'first' : 'id' } }] },
      });
    }
  });

  test('a body that is not UTF-8 is refused, not mended', async () => {
    const body = Buffer.from('{"query":"{ __typename }","operationName":"?"}');
    const answer = await post(
      body.map((byte) => (byte === 0x3f ? 0xff : byte)),
      await bearer(),
    );
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ message: expect.stringContaining('UTF-8') }] } });
  });

  test('a form or plain text, which any page may send, is not taken', async () => {
    for (const contentType of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await post('{"query":"{ __typename }"}', { 'content-type': contentType });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'invalid_query' } }] } });
    }
  });

  test('a subscription is told where it is served', async () => {
    const answer = await post({ query: 'subscription { inbox { at } }' }, await bearer());
    expect(answer.body.errors?.[0]?.message).toContain('graphql-transport-ws');
    expect(codeOf(answer)).toBe('invalid_query');
  });

  test('other methods are not allowed', async () => {
    const response = await fetch(`${world.url}/graphql`, { method: 'PUT', body: '{}' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST, OPTIONS']);
  });
});

describe('GET', () => {
  const get = async (parameters: Record<string, string>, accept = 'application/graphql-response+json') => {
    const response = await fetch(`${world.url}/graphql?${new URLSearchParams(parameters)}`, {
      headers: { accept, ...(await bearer()) },
    });
    return { status: response.status, body: await response.json() };
  };

  test('runs queries, never mutations', async () => {
    const query = 'query ($id: ID!) { user(id: $id) { id } }';
    expect(await get({ query, variables: '{"id":"ada"}' })).toEqual({
      status: 200,
      body: { data: { user: { id: 'ada' } } },
    });
    for (const accept of ['application/graphql-response+json', 'application/json']) {
      const refused = await get({ query: 'mutation { updateMe(input: { name: "x" }) { id } }' }, accept);
      expect(refused).toMatchObject({ status: 405, body: { errors: [{ extensions: { code: 'invalid_query' } }] } });
    }
    expect(await get({ query, variables: '{' })).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'invalid_query' } }] },
    });
  });
});

describe('what comes back', () => {
  test('a refusal of one field leaves the others, with 200', async () => {
    const answer = await post({ query: '{ me { id } users(first: 101) { nodes { id } } }' }, await bearer());
    expect(answer.status).toBe(200);
    expect(codeOf(answer)).toBe('invalid_input');
  });

  test('to a client of plain application/json, a document at fault comes with 200, a token at fault does not', async () => {
    const accept = { accept: 'application/json' };
    expect(await post({ query: '{ nothing }' }, { ...accept, ...(await bearer()) })).toMatchObject({
      status: 200,
      body: { errors: [{ extensions: { code: 'invalid_query' } }] },
    });
    expect((await post({ query: '{ me { id } }' }, accept)).status).toBe(401);
  });

  test('a request id is taken over when it is well-formed, and made when not', async () => {
    expect((await post({ query: '{ __typename }' }, { 'x-request-id': 'abc-1' })).headers.get('x-request-id')).toBe(
      'abc-1',
    );
    const answer = await post({ query: '{ nothing }' }, { 'x-request-id': 'no spaces please' });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.body.errors?.[0]?.extensions['requestId']).toBe(answer.headers.get('x-request-id'));
  });
});

describe('persisted operations', () => {
  const query = 'query Persisted { me { id } }';
  const persistedQuery = { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') };

  test('a hash that is not known is asked for, then it is enough', async () => {
    const headers = await bearer();
    const unknown = await post({ extensions: { persistedQuery } }, headers);
    expect(unknown).toMatchObject({
      status: 404,
      body: { errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'persisted_query_not_found' } }] },
    });
    expect((await post({ query, extensions: { persistedQuery } }, headers)).body).toEqual({
      data: { me: { id: 'ada' } },
    });
    expect((await post({ extensions: { persistedQuery } }, headers)).body).toEqual({ data: { me: { id: 'ada' } } });
  });

  test('a hash of another text is refused', async () => {
    const other = { ...persistedQuery, sha256Hash: '0'.repeat(64) };
    expect(codeOf(await post({ query, extensions: { persistedQuery: other } }, await bearer()))).toBe('invalid_query');
    expect(codeOf(await post({ extensions: { persistedQuery: { version: 2 } } }, await bearer()))).toBe(
      'invalid_query',
    );
  });
});

describe('pages of other origins', () => {
  const origin = 'https://chat.example';
  test('a preflight is answered for any origin, without credentials', async () => {
    const response = await fetch(`${world.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('an app that names its origins is used from these only', async () => {
    const own = await world.app();
    await world.api.apps.setAllowedOrigins(own.appId, [origin]);
    const headers = { authorization: `Bearer ${await own.token('ada')}` };
    const allowed = await post({ query: '{ me { id } }' }, { ...headers, origin });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin'), allowed.headers.get('vary')]).toEqual([
      200,
      origin,
      'origin',
    ]);
    const refused = await post({ query: '{ me { id } }' }, { ...headers, origin: 'https://evil.example' });
    expect(refused).toMatchObject({ status: 403, body: { errors: [{ extensions: { code: 'forbidden' } }] } });
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect((await post({ query: '{ me { id } }' }, headers)).status).toBe(200);
  });

  test('a page may read why its token was refused', async () => {
    const answer = await post(
      { query: '{ me { id } }' },
      { origin, authorization: `Bearer ${await app.token('ada', { expiresIn: -100 })}` },
    );
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([401, origin]);
  });
});
