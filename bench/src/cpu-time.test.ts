import { expect, test } from 'vitest';
import { cpuUsOf } from './cpu-time.ts';

test('work of this process shows, and shows as no more than it took', () => {
  const begun = performance.now();
  const before = cpuUsOf(process.pid);
  const own = process.cpuUsage();
  while (process.cpuUsage(own).user < 50_000) JSON.stringify(process.versions);
  const spent = cpuUsOf(process.pid) - before;
  expect(spent).toBeGreaterThan(30_000);
  // All threads count, of which only a few run at a time.
  expect(spent).toBeLessThan((performance.now() - begun) * 1_000 * 8);
});
