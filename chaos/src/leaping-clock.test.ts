import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLeapingClock } from './leaping-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a leap runs what fell due, once and in order, and brings the rest nearer', () => {
  const clock = createLeapingClock();
  const ran: string[] = [];
  clock.setTimeout(() => ran.push('minute'), 60_000);
  clock.setTimeout(() => ran.push('second'), 1_000);
  clock.setTimeout(() => ran.push('hour'), 3_600_000);
  const cleared = clock.setTimeout(() => ran.push('undone'), 1_000);
  clock.clearTimeout(cleared);
  clock.leap(3_600_000 - 20);
  expect(ran).toEqual(['second', 'minute']);
  vi.advanceTimersByTime(20);
  expect(ran).toEqual(['second', 'minute', 'hour']);
});
