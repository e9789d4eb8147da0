import { expect, test } from 'vitest';
import { ArrivalRate } from './arrival-rate.ts';

test('a few arrivals are no storm, many in a short time are one, and it ends', () => {
  const rate = new ArrivalRate();
  for (let index = 0; index < 50; index += 1) expect(rate.note(index * 50)).toBe(false);
  const burst = Array.from({ length: 30 }, () => rate.note(10_000));
  expect(burst.indexOf(true)).toBe(10);
  expect(rate.note(10_900)).toBe(true);
  expect(rate.note(11_000)).toBe(false);
});
