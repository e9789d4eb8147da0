import { expect, test } from 'vitest';
import { createHistogram } from './histogram.ts';

test('of 1 to 1,000 ms each percentile is where it belongs, to three digits', () => {
  const histogram = createHistogram();
  for (let ms = 1; ms <= 1_000; ms += 1) histogram.record(ms);
  const { count, p50, p95, p99, max } = histogram.summary();
  expect(count).toBe(1_000);
  expect(p50 / 500).toBeCloseTo(1, 2);
  expect(p95 / 950).toBeCloseTo(1, 2);
  expect(p99 / 990).toBeCloseTo(1, 2);
  expect(max / 1_000).toBeCloseTo(1, 2);
});

test('less than a microsecond and more than ten minutes are counted at the edges', () => {
  const histogram = createHistogram();
  histogram.record(0);
  histogram.record(10_000_000);
  expect(histogram.summary().count).toBe(2);
  expect(histogram.summary().max / 600_000).toBeCloseTo(1, 2);
});
