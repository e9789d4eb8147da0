import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test('a user of a fresh app is known at first sight', async () => {
  const app = await world.app();
  expect(await app.data('{ me { id role online } }', {}, { as: { user: 'ada' } })).toEqual({
    me: { id: 'ada', role: 'user', online: false },
  });
});

test('apps are apart', async () => {
  const [one, other] = [await world.app(), await world.app()];
  await one.users('ada');
  expect(await other.data('{ user(id: "ada") { id } }')).toEqual({ user: null });
});
