import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { healthHandler } from './health-handler.ts';

test('a ping goes as far as the database', async () => {
  const statements: string[] = [];
  const ping = healthHandler({
    query: async (text) => {
      statements.push(text);
      return [];
    },
  });
  expect(await ping({})).toEqual({ postgres: { ok: true, ms: expect.any(Number) } });
  expect(statements).toEqual(['SELECT 1']);
});

test.each([
  [
    new ParleyError('unavailable', 'unable to reach the database; it is away'),
    'unable to reach the database; it is away',
  ],
  [new Error('password of parley@10.0.0.7 is wrong'), 'unable to reach the database; see the log of the API'],
])('a database that is away is an answer, without the words of a driver', async (thrown, error) => {
  const ping = healthHandler({ query: () => Promise.reject(thrown) });
  expect(await ping({})).toEqual({ postgres: { ok: false, ms: expect.any(Number), error } });
});
