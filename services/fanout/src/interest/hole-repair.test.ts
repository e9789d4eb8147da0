import { fakeClock } from '@parley/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { HoleRepair, pauseAfter } from './hole-repair.ts';

function repairing(readPage: (call: number) => Promise<boolean>) {
  const clock = fakeClock(0);
  const state = { hole: true, readAt: [] as number[], errors: [] as unknown[] };
  const repair = new HoleRepair({
    clock,
    hasHole: () => state.hole,
    readPage: () => readPage(state.readAt.push(clock.now())),
    failed: (error) => state.errors.push(error),
  });
  onTestFinished(() => repair.close());
  return { clock, repair, state };
}

test('pauses double from 200 ms to 5 s', () => {
  expect([1, 2, 3, 5, 6, 60].map(pauseAfter)).toEqual([200, 400, 800, 3_200, 5_000, 5_000]);
});

test('a copy that is merely late is waited for, a known hole is not', async () => {
  const { clock, repair, state } = repairing(async () => {
    state.hole = false;
    return true;
  });
  repair.check({ now: false });
  await clock.advanceAsync(199);
  expect(state.readAt).toEqual([]);
  repair.check({ now: true });
  await clock.advanceAsync(0);
  expect(state.readAt).toEqual([199]);
  state.hole = true;
  repair.check({ now: false });
  state.hole = false;
  repair.check({ now: false });
  await clock.advanceAsync(1_000);
  expect(state.readAt).toEqual([199]);
});

test('a page that fails or brings nothing is read again after a pause, until the hole is filled', async () => {
  const { clock, repair, state } = repairing(async (call) => {
    if (call === 1) throw new Error('no');
    state.hole = call < 3;
    return !state.hole;
  });
  repair.check({ now: true });
  await clock.advanceAsync(10_000);
  expect(state.readAt).toEqual([0, 200, 600]);
  expect(state.errors).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

test('a closed repair reads nothing more', async () => {
  const { clock, repair, state } = repairing(async () => false);
  repair.check({ now: true });
  await clock.advanceAsync(0);
  repair.close();
  repair.check({ now: true });
  await clock.advanceAsync(60_000);
  expect(state.readAt).toHaveLength(1);
  expect(clock.pending).toBe(0);
});
