import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { runHandler } from './run-handler.ts';

const never = () => new Promise<void>(() => undefined);

test('a handler that heeds its signal ends with its time', async () => {
  const clock = fakeClock();
  const run = runHandler({ clock, timeoutMs: 1_000, task: 'handle the events', signals: [] }, (signal) => {
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
  });
  const failed = expect(run).rejects.toMatchObject({ code: 'timeout' });
  await clock.advanceAsync(1_000);
  await failed;
  expect(clock.pending).toBe(0);
});

test('one that does not is left after five more seconds', async () => {
  const clock = fakeClock();
  const failed = expect(
    runHandler({ clock, timeoutMs: 1_000, task: 'handle the events', signals: [] }, never),
  ).rejects.toMatchObject({
    code: 'timeout',
  });
  await clock.advanceAsync(6_000);
  await failed;
  expect(clock.pending).toBe(0);
});

test('one that ended well in spite of its signal has done its work', async () => {
  const clock = fakeClock();
  const done = runHandler({ clock, timeoutMs: 1_000, task: 'handle the events', signals: [] }, (signal) => {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  });
  await clock.advanceAsync(1_000);
  await expect(done).resolves.toBeUndefined();
});

test('nothing is begun once it was taken away', async () => {
  let begun = false;
  const run = runHandler(
    { clock: fakeClock(), timeoutMs: 1_000, task: 'handle the events', signals: [AbortSignal.abort()] },
    async () => {
      begun = true;
    },
  );
  await expect(run).rejects.toMatchObject({ code: 'unavailable' });
  expect(begun).toBe(false);
});
