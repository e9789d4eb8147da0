import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';
import { createThrottle } from './throttle.ts';
import { createTimer } from './timer.ts';

test('the wait is anywhere between nothing and a bound that doubles up to 20 s', () => {
  expect(backoffMs(1, 0)).toBe(0);
  expect([1, 2, 3, 7, 8, 100].map((failures) => backoffMs(failures, 1))).toEqual([
    300, 600, 1_200, 19_200, 20_000, 20_000,
  ]);
});

test('a timer that is set again runs once, a cleared one never', () => {
  const clock = fakeClock();
  const timer = createTimer(clock);
  const ran: string[] = [];
  timer.set(() => ran.push('first'), 10);
  timer.set(() => ran.push('second'), 20);
  clock.advance(100);
  timer.set(() => ran.push('third'), 10);
  timer.clear();
  clock.advance(100);
  expect(ran).toEqual(['second']);
  expect(clock.pending).toBe(0);
});

test('a wait beyond what setTimeout can hold does not fire at once', () => {
  const delays: number[] = [];
  const timer = createTimer({ now: () => 0, setTimeout: (_run, ms) => delays.push(ms), clearTimeout: () => {} });
  timer.set(() => {}, 2 ** 40);
  expect(delays).toEqual([2 ** 31 - 1]);
});

test('no second sees more starts than allowed, and the order is kept', () => {
  const clock = fakeClock();
  const throttle = createThrottle(clock, 10);
  const starts: { readonly work: number; readonly at: number }[] = [];
  for (let work = 0; work < 35; work += 1) throttle.schedule(() => void starts.push({ work, at: clock.now() }));
  throttle.schedule(() => starts.push({ work: -1, at: 0 }))();
  clock.advance(5_000);
  expect(starts.map(({ work }) => work)).toEqual(Array.from({ length: 35 }, (_, index) => index));
  for (const { at } of starts)
    expect(starts.filter((other) => other.at >= at && other.at < at + 1_000).length).toBeLessThanOrEqual(10);
  expect(clock.pending).toBe(0);
});
