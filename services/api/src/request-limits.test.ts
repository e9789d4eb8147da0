import { request } from 'node:http';
import { limits } from '@parley/contracts';
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
