import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, ofRequest, postGraphql } from '../test/post-graphql.ts';
import { createWorld, type World, type WorldApp } from '../test/world.ts';

let world: World;
let app: WorldApp;
beforeAll(async () => {
  world = await createWorld();
  app = await world.app();
});
afterAll(() => world.close());

const post = (body: unknown, headers?: Record<string, string>) => postGraphql(world, body, headers);
const bearer = async (user = 'ada') => ({ authorization: `Bearer ${await app.token(user)}` });

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

describe('a request that makes no sense', () => {
  test.each([
    ['no JSON', '{ me'],
    ['an empty body', ''],
    ['an empty list', []],
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
      docs: expect.stringMatching(/^https:.*\/docs\/errors\/invalid_query\.md$/),
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

  test('a body that is not UTF-8 is refused, not repaired', async () => {
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

  test('a subscription is refused with the place where it is served', async () => {
    const answer = await post({ query: 'subscription { inbox { at } }' }, await bearer());
    expect(answer.body.errors?.[0]?.message).toContain('graphql-transport-ws');
    expect(codeOf(answer)).toBe('invalid_query');
  });

  test('other methods are not allowed', async () => {
    const response = await fetch(`${world.url}/graphql`, { method: 'PUT', body: '{}' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS']);
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
