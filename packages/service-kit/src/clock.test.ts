import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('tells the time, in whole milliseconds', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(60_000);
  expect(Number.isInteger(systemClock.now())).toBe(true);
});

test.each([-600_000, 600_000])('goes on evenly when the clock of the machine is set by %i ms', (skew) => {
  const before = systemClock.now();
  const real = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(real + skew);
  expect(systemClock.now() - before).toBeGreaterThanOrEqual(0);
  expect(systemClock.now() - before).toBeLessThan(Math.abs(skew) / 2);
});
