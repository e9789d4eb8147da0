import { expect, test } from 'vitest';
import { ArrivalRate } from './arrival-rate.ts';

test('a few arrivals are no surge, many in a short time are one, and it ends', () => {
  const rate = new ArrivalRate();
  for (let index = 0; index < 50; index += 1) expect(rate.note(index * 50)).toBe('few');
  const burst = Array.from({ length: 60 }, () => rate.note(10_000));
  expect([burst.indexOf('burst'), burst.indexOf('surge'), burst.lastIndexOf('burst')]).toEqual([10, 50, 49]);
  expect(rate.note(10_900)).toBe('surge');
  expect(rate.note(11_000)).toBe('few');
});
