import { expect, test } from 'vitest';
import { createRandom } from './random.ts';

const draw = (seed: number, count = 20): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.between(1, 1_000));
};

test('the same seed gives the same choices, another one gives others', () => {
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('a fork does not depend on how far its parent has got', () => {
  const early = createRandom(7).fork('fault');
  const parent = createRandom(7);
  parent.next();
  expect(parent.fork('fault').next()).toBe(early.next());
  expect(parent.fork('other').next()).not.toBe(createRandom(7).fork('fault').next());
});

test('numbers keep within their bounds and reach them', () => {
  const random = createRandom(1);
  const drawn = new Set(Array.from({ length: 500 }, () => random.between(3, 6)));
  expect(drawn).toEqual(new Set([3, 4, 5, 6]));
  expect(random.chance(0)).toBe(false);
  expect(random.chance(1)).toBe(true);
  expect(() => random.pick([])).toThrow(RangeError);
});
