import { systemClock } from '@parley/service-kit';
import { expect, test } from 'vitest';
import { createWorld } from '../../test/world.ts';
import { readDatabaseTime } from './database-time.ts';

test('follows the database, and goes on between two looks at it', async () => {
  let ms = 1_000_000;
  // The one statement that is asked gives such a row.
  const time = await readDatabaseTime({ query: async <Row>() => [{ ms }] as Row[] });
  const first = time.now();
  expect(first).toBeGreaterThanOrEqual(1_000_000 - 50);
  expect(first).toBeLessThan(1_000_000 + 600_000);
  expect(time.now()).toBeGreaterThanOrEqual(first);
  ms = 5_000_000;
  await time.compare();
  expect(time.now()).toBeGreaterThan(4_999_000);
});

test.each([
  ['behind', -600_000],
  ['ahead', 600_000],
])('a node whose clock is ten minutes %s takes good tokens and refuses those that are over', async (_, skew) => {
  const world = await createWorld({ clock: { ...systemClock, now: () => systemClock.now() + skew } });
  try {
    const app = await world.app();
    const me = async (expiresIn: number) =>
      await app.execute('{ me { id } }', {}, { as: { token: await app.token('ada', { expiresIn }) } });
    expect(await me(60)).toMatchObject({ data: { me: { id: 'ada' } } });
    expect(await me(-60)).toMatchObject({ errors: [{ extensions: { code: 'unauthenticated' } }] });
  } finally {
    await world.close();
  }
});
