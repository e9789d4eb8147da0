import { createHash } from 'node:crypto';
import { limits } from '@parley/contracts';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { World } from '../test/world.ts';
import { createWorld } from '../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ trustedProxies: 1 });
});
afterAll(() => world.close());

let addresses = 0;
/** An address of one test's own. */
const ownAddress = () => `10.9.${Math.floor(addresses / 250)}.${(addresses++ % 250) + 1}`;

async function post(body: unknown, headers: Record<string, string>) {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  // The shape of a GraphQL response over HTTP.
  const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: { extensions: Record<string, unknown> }[] };
  return {
    status: response.status,
    data,
    bytes: text.length,
    code: errors?.[0]?.extensions['code'],
    errors,
    retryAfter: response.headers.get('retry-after'),
  };
}
const stranger = (query: string, from = ownAddress()) => post({ query }, { 'x-forwarded-for': from });
const bearer = (token: string, from = ownAddress()) => ({ 'x-forwarded-for': from, authorization: `Bearer ${token}` });
const repeat = (count: number, part: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at)).join(' ');

test('tools that ask for the schema are answered without a token', async () => {
  const { status, data, bytes } = await stranger(
    getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, specifiedByUrl: true, schemaDescription: true }),
  );
  expect([status, data]).toEqual([200, { __schema: expect.objectContaining({ types: expect.any(Array) }) }]);
  expect(bytes).toBeLessThan(512 * 1024);
});

test.each([
  ['aliases', `{ ${repeat(3, (at) => `a${at}: __schema { types { name } }`)} }`, 'query_too_complex'],
  ['a long document', `{ __typename } # ${'x'.repeat(limits.strangerRequestBytes)}`, 'payload_too_large'],
  ['pairs to compare', `{ ${repeat(200, () => '__schema{description}')} }`, 'query_too_complex'],
  [
    'a field that needs a caller, named so often that validation would be the work',
    `{ ${repeat(480, () => 'me{id}')} }`,
    'unauthenticated',
  ],
  ['what does not exist', '{ nothing }', 'unauthenticated'],
])('without a token, %s is refused', async (_name, query, code) => {
  const answer = await stranger(query);
  expect(answer).toMatchObject({ code, data: undefined });
  expect(answer.bytes).toBeLessThan(1_000);
});

test('one address may ask so often and no more, and the schema counts as ten', async () => {
  const from = ownAddress();
  for (let at = 0; at < limits.strangerRequestsPerMinute / 10; at += 1)
    expect((await stranger('{ __schema { queryType { name } } }', from)).status).toBe(200);
  const refused = await stranger('{ __typename }', from);
  expect(refused).toMatchObject({ status: 429, code: 'rate_limited', retryAfter: expect.stringMatching(/^\d+$/) });
  expect((await stranger('{ __typename }')).status).toBe(200);
});

test('the address is that which the proxy saw, whatever the client says of itself', async () => {
  const seen = ownAddress();
  for (let at = 0; at < limits.strangerRequestsPerMinute; at += 1)
    await stranger('{ __typename }', `${ownAddress()}, ${seen}`);
  expect((await stranger('{ __typename }', `${ownAddress()}, ${seen}`)).status).toBe(429);
});

test('nothing of a request is read before its token is: no body, no document, no statement once an address sent too many', async () => {
  const from = ownAddress();
  const app = await world.app();
  const good = await app.token('ada');
  expect((await post({ query: '{ me { id } }' }, bearer(good, from))).status).toBe(200);
  const forged = (at: number) => app.token('ada', { header: { kid: `key_${at}` } });
  const first = await post('this is no request', bearer(await forged(0), from));
  expect([first.status, first.code]).toEqual([401, 'unauthenticated']);
  for (let at = 1; at < limits.strangerRequestsPerMinute; at += 1)
    await post({ query: '{ me { id } }' }, bearer(await forged(at), from));
  const { value, statements } = await world.statements(async () =>
    post({ query: '{ me { id } }' }, bearer(await forged(9_999), from)),
  );
  expect(value).toMatchObject({ status: 429, code: 'rate_limited' });
  expect(statements.filter((text) => text.includes('api_keys'))).toEqual([]);
  // Who sits behind the same address with a token that was seen to be good goes on.
  expect((await post({ query: '{ me { id } }' }, bearer(good, from))).status).toBe(200);
});

test('a back end that signs a token for each call goes on, whoever else is behind its address', async () => {
  const from = ownAddress();
  const app = await world.app();
  expect((await post({ query: '{ me { id } }' }, bearer(await app.token('ada'), from))).status).toBe(200);
  for (let at = 0; at < limits.strangerRequestsPerMinute; at += 1) await stranger('{ __typename }', from);
  expect((await stranger('{ __typename }', from)).status).toBe(429);
  expect((await post({ query: '{ me { id } }' }, bearer(await app.token('bob'), from))).data).toEqual({
    me: { id: 'bob' },
  });
  const forged = await app.token('bob', { secret: 'of another key, and long enough for a signature' });
  expect((await post({ query: '{ me { id } }' }, bearer(forged, from))).status).toBe(429);
});

test('what a stranger sends is not kept', async () => {
  const app = await world.app();
  const query = `query Stored${Date.now()} { me { id } }`;
  const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } };
  expect((await post({ query, extensions }, { 'x-forwarded-for': ownAddress() })).code).toBe('unauthenticated');
  const headers = bearer(await app.token('ada'));
  expect((await post({ extensions }, headers)).code).toBe('persisted_query_not_found');
  expect((await post({ query, extensions }, headers)).data).toEqual({ me: { id: 'ada' } });
  expect((await post({ extensions }, headers)).data).toEqual({ me: { id: 'ada' } });
  expect((await post({ extensions }, { 'x-forwarded-for': ownAddress() })).code).toBe('unauthenticated');
});

test('a hash is that of one app: what another stored is not found under it', async () => {
  const [one, other] = [await world.app(), await world.app()];
  const query = '{ me { id __typename } }';
  const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } };
  await post({ query, extensions }, bearer(await one.token('ada')));
  expect((await post({ extensions }, bearer(await other.token('ada')))).code).toBe('persisted_query_not_found');
});

test('a document that does not fit the schema is not stored under its hash', async () => {
  const app = await world.app();
  const query = '{ nothing }';
  const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } };
  const headers = bearer(await app.token('ada'));
  expect((await post({ query, extensions }, headers)).code).toBe('invalid_query');
  expect((await post({ extensions }, headers)).code).toBe('persisted_query_not_found');
});
