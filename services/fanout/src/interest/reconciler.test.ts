import { silentLogger } from '@parley/service-kit';
import { fakeClock } from '@parley/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { delayAfter, Reconciler } from './reconciler.ts';

function reconciling(compare: (call: number) => Promise<void> = async () => undefined) {
  const clock = fakeClock(0);
  const startedAt: number[] = [];
  const reconciler = new Reconciler({
    clock,
    logger: silentLogger(),
    task: 'compare',
    compare: () => compare(startedAt.push(clock.now())),
  });
  onTestFinished(() => reconciler.close());
  return { clock, reconciler, startedAt };
}

test('retries double from one second to ten', () => {
  expect([0, 1, 2, 3, 4, 5, 60].map(delayAfter)).toEqual([10_000, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('a comparison runs every ten seconds, the first one ten seconds after the start', async () => {
  const { clock, startedAt } = reconciling();
  await clock.advanceAsync(30_000);
  expect(startedAt).toEqual([10_000, 20_000, 30_000]);
});

test('a failed comparison is retried, and a success restores the usual interval', async () => {
  const { clock, startedAt } = reconciling((call) => (call <= 2 ? Promise.reject(new Error('no')) : Promise.resolve()));
  await clock.advanceAsync(23_000);
  expect(startedAt).toEqual([10_000, 11_000, 13_000, 23_000]);
});

test('a retry does not wait for a comparison that hangs, and the late failure of that one changes nothing', async () => {
  const hanging = deferred();
  const failure = hanging.promise.then(() => Promise.reject(new Error('late')));
  const { clock, reconciler, startedAt } = reconciling((call) => (call === 1 ? failure : Promise.resolve()));
  await clock.advanceAsync(10_500);
  reconciler.retryNow();
  await clock.advanceAsync(1_000);
  hanging.resolve();
  await clock.advanceAsync(9_000);
  expect(startedAt).toEqual([10_000, 10_500, 20_500]);
  expect(clock.pending).toBe(1);
});

test('nothing is compared after the end', async () => {
  const { clock, reconciler, startedAt } = reconciling();
  reconciler.close();
  reconciler.retryNow();
  await clock.advanceAsync(30_000);
  expect(startedAt).toEqual([]);
  expect(clock.pending).toBe(0);
});
