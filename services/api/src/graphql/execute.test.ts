import { limits } from '@parley/contracts';
import type { GraphqlRequest, Principal } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { World, WorldApp } from '../../test/world.ts';
import { createWorld } from '../../test/world.ts';

let world: World;
let app: WorldApp;
beforeAll(async () => {
  world = await createWorld({ rates: { userOperationsPerMinute: 12, keyOperationsPerMinute: 30 } });
});
afterAll(() => world.close());

async function session(user: string) {
  app = await world.app();
  const principal: Principal = await world.call('session.open', { token: await app.token(user), origin: null });
  const run = (operation: GraphqlRequest) => world.call('graphql.execute', { principal, operation, requestId: 'r-1' });
  return { app, principal, run };
}

describe('an operation that came over the bus', () => {
  test('runs as over HTTP', async () => {
    const { run } = await session('ada');
    expect(await run({ query: 'query ($id: ID!) { user(id: $id) { id } }', variables: { id: 'ada' } })).toEqual({
      data: { user: { id: 'ada' } },
    });
  });

  test('meets the same limits, with the request id it came with', async () => {
    const { run } = await session('ada');
    const tooMuch = `{ ${Array.from({ length: limits.queryAliases + 1 }, (_, at) => `a${at}: me { id }`).join(' ')} }`;
    for (const [query, code] of [
      [tooMuch, 'query_too_complex'],
      ['{ nothing }', 'invalid_query'],
      ['subscription { inbox { at } }', 'invalid_query'],
      ['{ users(first: 101) { nodes { id } } }', 'invalid_input'],
    ] as const) {
      const { data, errors } = await run({ query });
      expect(data ?? null).toBeNull();
      expect(errors?.[0]).toMatchObject({ message: expect.any(String), extensions: { code, requestId: 'r-1' } });
    }
  });

  test('leaves as plain data', async () => {
    const { run } = await session('ada');
    const result = await run({ query: '{ me { nothing } }' });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});

describe('rates', () => {
  test('one user is held back, whichever way its operations come; the others are not', async () => {
    const { app: own, run } = await session('ada');
    for (let at = 0; at < 6; at += 1) await own.data('{ __typename }', {}, { as: { user: 'ada' } });
    for (let at = 0; at < 6; at += 1)
      expect(await run({ query: '{ __typename }' })).toEqual({ data: { __typename: 'Query' } });
    const overBus = await run({ query: '{ __typename }' });
    expect(overBus.errors?.[0]).toMatchObject({
      extensions: { code: 'rate_limited', retryable: true, limit: 12, retryAfterMs: expect.any(Number) },
    });
    const response = await fetch(`${world.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await own.token('ada')}` },
      body: '{"query":"{ __typename }"}',
    });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    await own.data('{ __typename }', {}, { as: { user: 'bob' } });
  });

  test('a back end is held back by its key alone', async () => {
    const own = await world.app();
    for (let at = 0; at < 30; at += 1) await own.data('{ __typename }');
    expect((await own.execute('{ __typename }')).errors?.[0]?.extensions).toMatchObject({
      code: 'rate_limited',
      limit: 30,
    });
    await (await world.app()).data('{ __typename }');
  });
});
