import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { someQuota } from '../../test/quota.ts';

test('work past the share of a user has to wait until it is paid for, and idle time is saved up for some seconds only', () => {
  const clock = fakeClock();
  const quota = someQuota({ processingMsPerUserPerSecond: 200 }, clock);
  clock.advance(60_000);
  quota.spent(400);
  expect(quota.owedMs).toBe(0);
  quota.spent(100);
  expect(quota.owedMs).toBe(500);
  clock.advance(500);
  expect(quota.owedMs).toBe(0);
});

test('a clock that is set back takes nothing away', () => {
  const clock = fakeClock();
  let offset = 0;
  const quota = someQuota({}, { ...clock, now: () => clock.now() - offset });
  quota.spent(1);
  offset = 600_000;
  expect(quota.owedMs).toBe(0);
  expect(quota.frameFault(10)).toBeNull();
  expect(() => quota.admitOperations(1)).not.toThrow();
});

test('a quota is as good as new once all of its rates have recovered', () => {
  const clock = fakeClock();
  const quota = someQuota({ operationsPerUserPerSecond: 10, subscriptionsPerUser: 100 }, clock);
  expect(quota.isRested).toBe(true);
  quota.admitOperations(100);
  clock.advance(9_000);
  expect(quota.isRested).toBe(false);
  clock.advance(1_000);
  expect(quota.isRested).toBe(true);
});
