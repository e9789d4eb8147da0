import { expect, test } from 'vitest';
import { distribution } from './distribution.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test('95 of the numbers 1 to 100 do not exceed 95', () => {
  expect(distribution(hundred)).toEqual({ count: 100, min: 1, p50: 50, p95: 95, p99: 99, max: 100 });
});

test('of one value every share is that value', () => {
  expect(distribution([7])).toEqual({ count: 1, min: 7, p50: 7, p95: 7, p99: 7, max: 7 });
});

test('the values stay as they are', () => {
  const values = [3, 1, 2];
  distribution(values);
  expect(values).toEqual([3, 1, 2]);
});
