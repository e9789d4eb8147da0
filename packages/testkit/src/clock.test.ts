import { expect, test } from 'vitest';
import { fakeClock } from './clock.ts';

test('time stands still until it is moved', () => {
  const clock = fakeClock(1_000);
  expect(clock.now()).toBe(1_000);
  clock.advance(250);
  expect(clock.now()).toBe(1_250);
});

test('timers run in the order they fall due and see their own time', () => {
  const clock = fakeClock(0);
  const seen: string[] = [];
  clock.setTimeout(() => seen.push(`late at ${clock.now()}`), 20);
  clock.setTimeout(() => seen.push(`early at ${clock.now()}`), 10);
  clock.setTimeout(() => seen.push(`early too at ${clock.now()}`), 10);
  clock.advance(19);
  expect(seen).toEqual(['early at 10', 'early too at 10']);
  expect(clock.pending).toBe(1);
  clock.advance(1);
  expect(seen.at(-1)).toBe('late at 20');
});

test('a timer set by a timer runs when it falls within the advance', () => {
  const clock = fakeClock(0);
  const seen: number[] = [];
  const tick = () => {
    seen.push(clock.now());
    if (seen.length < 5) clock.setTimeout(tick, 10);
  };
  clock.setTimeout(tick, 10);
  clock.advance(35);
  expect(seen).toEqual([10, 20, 30]);
});

test('a cleared timer never runs', () => {
  const clock = fakeClock();
  let ran = false;
  const handle = clock.setTimeout(() => {
    ran = true;
  }, 5);
  clock.clearTimeout(handle);
  clock.clearTimeout(handle);
  clock.advance(10);
  expect(ran).toBe(false);
});

test('advanceAsync lets a promise settle between two timers', async () => {
  const clock = fakeClock(0);
  const seen: string[] = [];
  const wait = (ms: number) => new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
  const work = async () => {
    await wait(10);
    seen.push('first');
    await wait(10);
    seen.push('second');
  };
  const done = work();
  await clock.advanceAsync(20);
  expect(seen).toEqual(['first', 'second']);
  await done;
});

test('a timer that sets itself again at once is refused instead of hanging the test', () => {
  const clock = fakeClock();
  const again = () => void clock.setTimeout(again, 0);
  again();
  expect(() => clock.advance(1)).toThrow('sets itself again at once');
});
