import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFairQueue, type FairQueueOptions, type Leave } from './fair-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function queue(options: Partial<FairQueueOptions> = {}) {
  const clock = {
    now: Date.now,
    setTimeout,
    clearTimeout: (handle: unknown) => clearTimeout(handle as NodeJS.Timeout),
  };
  const fair = createFairQueue({ places: 2, waitingEach: 10, waitingInAll: 100, patienceMs: 4_000, clock, ...options });
  const begun: string[] = [];
  const leaves = new Map<string, Leave>();
  const refused: string[] = [];
  return {
    begun,
    refused,
    /** Work of the owner before the colon. */
    ask(name: string, most = 2) {
      const [owner = ''] = name.split(':');
      fair.enter(owner, most).then(
        (leave) => {
          begun.push(name);
          leaves.set(name, leave);
        },
        (error: { code?: string }) => refused.push(`${name} ${error.code}`),
      );
    },
    async end(name: string) {
      leaves.get(name)?.();
      await vi.advanceTimersByTimeAsync(0);
    },
    settle: () => vi.advanceTimersByTimeAsync(0),
  };
}

test('owners take turns: who asked a hundred times is not served before who asked once', async () => {
  const { ask, end, begun, settle } = queue();
  for (let at = 0; at < 8; at += 1) ask(`eve:${at}`);
  ask('ada:0');
  ask('bob:0');
  await settle();
  expect(begun).toEqual(['eve:0', 'eve:1']);
  await end('eve:0');
  await end('eve:1');
  await end('eve:2');
  expect(begun).toEqual(['eve:0', 'eve:1', 'eve:2', 'ada:0', 'bob:0']);
  await end('ada:0');
  expect(begun.at(-1)).toBe('eve:3');
});

test('one owner never holds more places than it may, while others are free to come', async () => {
  const { ask, begun, settle } = queue({ places: 10 });
  for (let at = 0; at < 8; at += 1) ask(`eve:${at}`, 2);
  ask('ada:0');
  await settle();
  expect(begun).toEqual(['eve:0', 'eve:1', 'ada:0']);
});

test('an owner has so many waiting and no more', async () => {
  const { ask, refused, settle } = queue({ waitingEach: 3 });
  for (let at = 0; at < 7; at += 1) ask(`eve:${at}`);
  ask('ada:0');
  await settle();
  expect(refused).toEqual(['eve:5 rate_limited', 'eve:6 rate_limited']);
});

test('all together have so many waiting and no more', async () => {
  const { ask, refused, settle } = queue({ places: 1, waitingInAll: 2 });
  for (const owner of ['ada', 'bob', 'eve', 'joe']) ask(`${owner}:0`);
  await settle();
  expect(refused).toEqual(['joe:0 unavailable']);
});

test('who waits too long is told whether it waited for itself or for others, and is not begun later', async () => {
  const { ask, end, begun, refused } = queue({ places: 2 });
  ask('eve:0');
  ask('eve:1');
  ask('eve:2');
  ask('ada:0');
  await vi.advanceTimersByTimeAsync(4_000);
  expect(refused).toEqual(['eve:2 rate_limited', 'ada:0 unavailable']);
  await end('eve:0');
  expect(begun).toEqual(['eve:0', 'eve:1']);
  ask('ada:1');
  await vi.advanceTimersByTimeAsync(0);
  expect(begun.at(-1)).toBe('ada:1');
});

test('a place that is given back twice is one place', async () => {
  const { ask, end, begun, settle } = queue({ places: 1 });
  for (let at = 0; at < 4; at += 1) ask(`eve:${at}`);
  await settle();
  await end('eve:0');
  await end('eve:0');
  expect(begun).toEqual(['eve:0', 'eve:1']);
});
