import { silentLogger } from '@parley/service-kit';
import { afterEach, expect, test, vi } from 'vitest';
import { keepRunning } from './keep-running.ts';

const keepers: { stop(): void }[] = [];
afterEach(() => {
  for (const keeper of keepers.splice(0)) keeper.stop();
});

/** A process that ends when it is told to, and whose starts can be made to fail. */
function kept({ failures = 0 } = {}) {
  let run = Promise.withResolvers<string>();
  let left = failures;
  const waits: number[] = [];
  const start = vi.fn(async () => {
    run = Promise.withResolvers();
    left -= 1;
    if (left >= 0) throw new Error('the port is taken');
  });
  const keeper = keepRunning({
    name: 'api-0',
    logger: silentLogger(),
    ended: () => run.promise,
    start,
    wait: async (ms) => waits.push(ms),
  });
  keepers.push(keeper);
  return { start, waits, die: () => run.resolve('code 1'), stop: keeper.stop };
}

test('what ends by itself is started again, at a slower pace each time', async () => {
  const { start, waits, die } = kept();
  expect(start).not.toHaveBeenCalled();
  for (const times of [1, 2, 3]) {
    die();
    await vi.waitFor(() => expect(start).toHaveBeenCalledTimes(times));
  }
  expect(waits).toEqual([100, 200, 400]);
});

test('a start that fails is tried again for ever, at last every five seconds', async () => {
  const { start, waits, die } = kept({ failures: 20 });
  die();
  await vi.waitFor(() => expect(start).toHaveBeenCalledTimes(21));
  expect(waits.slice(-12)).toEqual(Array.from({ length: 12 }, () => 5_000));
});

test('a process that was told to end stays ended', async () => {
  const { start, waits, die, stop } = kept();
  stop();
  die();
  await Promise.resolve();
  expect([waits, start.mock.calls]).toEqual([[], []]);
});
