import { silentLogger } from '@parley/service-kit';
import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { createThrottle } from './throttle.ts';

function setup(one: (key: string) => Promise<void>, concurrency = 4) {
  const clock = fakeClock();
  const work = ([key = '']: readonly string[]) => one(key);
  const throttle = createThrottle({ clock, logger: silentLogger(), intervalMs: 200, concurrency, work });
  return { clock, throttle };
}

/** Work that goes on until it is let go, the oldest first. */
function createHeld() {
  const held: (() => void)[] = [];
  return {
    hold: () => new Promise<void>((resolve) => held.push(resolve)),
    letGo: () => held.shift()?.(),
  };
}

test('the first touch runs at once, further ones together after the interval', async () => {
  const ran: string[] = [];
  const { clock, throttle } = setup(async (key) => void ran.push(key));
  throttle.touch('a');
  await clock.advanceAsync(0);
  expect(ran).toEqual(['a']);
  for (let touch = 0; touch < 10; touch += 1) throttle.touch('a');
  throttle.touch('b');
  await clock.advanceAsync(199);
  expect(ran).toEqual(['a', 'b']);
  await clock.advanceAsync(1);
  expect(ran).toEqual(['a', 'b', 'a']);
  await clock.advanceAsync(10_000);
  expect(ran).toEqual(['a', 'b', 'a']);
  expect(clock.pending).toBe(0);
});

test('a touch while the work runs is not lost', async () => {
  let runs = 0;
  const { clock, throttle } = setup(async (key) => {
    runs += 1;
    if (runs === 1) throttle.touch(key);
  });
  throttle.touch('a');
  await clock.advanceAsync(200);
  expect(runs).toBe(2);
});

test('work that fails is run again until it succeeds', async () => {
  let runs = 0;
  const { clock, throttle } = setup(async () => {
    runs += 1;
    if (runs < 3) throw new Error('away');
  });
  throttle.touch('a');
  await clock.advanceAsync(999);
  expect(runs).toBe(1);
  await clock.advanceAsync(1_001);
  expect(runs).toBe(3);
  await clock.advanceAsync(10_000);
  expect(runs).toBe(3);
});

test('slow work rests longer', async () => {
  const ran: number[] = [];
  const { clock, throttle } = setup(async () => {
    ran.push(clock.now());
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 1_000));
  });
  const startedAt = clock.now();
  throttle.touch('a');
  await clock.advanceAsync(1);
  throttle.touch('a');
  await clock.advanceAsync(10_000);
  expect(ran.map((at) => at - startedAt)).toEqual([0, 4_000]);
});

test('no more runs at once than allowed, and nobody is forgotten', async () => {
  let running = 0;
  let most = 0;
  const ran: string[] = [];
  const { hold, letGo } = createHeld();
  const { clock, throttle } = setup(async (key) => {
    running += 1;
    most = Math.max(most, running);
    await hold();
    running -= 1;
    ran.push(key);
  }, 2);
  const keys = ['a', 'b', 'c', 'd', 'e'];
  for (const key of keys) throttle.touch(key);
  for (const _ of keys) {
    letGo();
    await clock.advanceAsync(0);
  }
  expect(most).toBe(2);
  expect(ran).toEqual(keys);
});

test('after closing nothing runs', async () => {
  const ran: string[] = [];
  const { clock, throttle } = setup(async (key) => void ran.push(key));
  throttle.touch('a');
  throttle.touch('a');
  await throttle.close();
  throttle.touch('b');
  await clock.advanceAsync(1_000);
  expect(ran).toEqual(['a']);
  expect(clock.pending).toBe(0);
});

test('keys that wait are run together, up to the number allowed, and rest each by itself', async () => {
  const ran: (readonly string[])[] = [];
  const { hold, letGo } = createHeld();
  const clock = fakeClock();
  const throttle = createThrottle({
    clock,
    logger: silentLogger(),
    intervalMs: 200,
    concurrency: 1,
    together: 3,
    async work(keys) {
      ran.push(keys);
      await hold();
    },
  });
  for (const key of ['a', 'b', 'c', 'd', 'e']) throttle.touch(key);
  throttle.touch('b');
  for (let run = 0; run < 3; run += 1) {
    letGo();
    await clock.advanceAsync(0);
  }
  await clock.advanceAsync(100);
  expect(ran).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  throttle.touch('c');
  await clock.advanceAsync(300);
  expect(ran.at(-1)).toEqual(['c']);
});
