import { expect, test } from 'vitest';
import { usageOf } from './process-usage.ts';

test('what the system has booked on this process is what Node says of it', () => {
  const before = usageOf(process.pid);
  const begun = process.cpuUsage();
  while (process.cpuUsage(begun).user < 60_000) Math.sqrt(Math.random());
  const spent = usageOf(process.pid).cpuMs - before.cpuMs;
  expect(spent).toBeGreaterThanOrEqual(40);
  expect(before.rssBytes / process.memoryUsage.rss()).toBeCloseTo(1, 0);
});

test('a process that is not there has used nothing that could be read', () => {
  expect(() => usageOf(2 ** 30)).toThrow('ENOENT');
});
