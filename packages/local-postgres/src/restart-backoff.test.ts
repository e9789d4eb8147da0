import { expect, test } from 'vitest';
import { createRestartBackoff } from './restart-backoff.ts';

test('the delay doubles up to five seconds, and the tenth failure within a minute is the last', () => {
  const next = createRestartBackoff(() => 0);
  const delays = Array.from({ length: 10 }, () => next());
  expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, undefined]);
});

test('failures of more than a minute ago are forgotten', () => {
  let time = 0;
  const next = createRestartBackoff(() => time);
  expect([next(), next()]).toEqual([100, 200]);
  time = 60_000;
  expect(next()).toBe(100);
});
