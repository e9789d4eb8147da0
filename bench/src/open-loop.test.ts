import { expect, test } from 'vitest';
import { openLoop } from './open-loop.ts';

test('every arrival comes, in order, each due one period after the last and none before its time', async () => {
  const seen: { index: number; dueAt: number; at: number }[] = [];
  const { mostLateMs } = await openLoop({
    perSecond: 1_000,
    seconds: 0.1,
    run: (index, dueAt) => seen.push({ index, dueAt, at: performance.now() }),
  });
  expect(seen.map(({ index }) => index)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  const first = seen[0]?.dueAt ?? Number.NaN;
  for (const { index, dueAt, at } of seen) {
    expect(dueAt - first).toBeCloseTo(index, 5);
    expect(at).toBeGreaterThanOrEqual(dueAt);
  }
  expect(mostLateMs).toBeGreaterThanOrEqual(0);
});
