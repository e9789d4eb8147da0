import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, postGraphql } from '../../test/post-graphql.ts';
import { createWorld, type World, type WorldApp } from '../../test/world.ts';

let world: World;
let app: WorldApp;
beforeAll(async () => {
  world = await createWorld();
  app = await world.app();
});
afterAll(() => world.close());

const post = (body: unknown, headers?: Record<string, string>) => postGraphql(world, body, headers);
const bearer = async (user = 'ada') => ({ authorization: `Bearer ${await app.token(user)}` });

describe('persisted operations', () => {
  const query = 'query Persisted { me { id } }';
  const persistedQuery = { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') };

  test('a hash that is not known is asked for, then it is enough', async () => {
    const headers = await bearer();
    const unknown = await post({ extensions: { persistedQuery } }, headers);
    expect(unknown).toMatchObject({
      status: 200,
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
