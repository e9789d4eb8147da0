import { createLogger, silentLogger } from '@parley/service-kit';
import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { createJobs } from './jobs.ts';

test('a job runs again and again, one run at a time, also after one that failed', async () => {
  const clock = fakeClock();
  const lines: string[] = [];
  const logger = createLogger({ service: 'api', stream: { write: (line) => lines.push(line) } });
  const jobs = createJobs({ clock, logger });
  const ran: number[] = [];
  const startedAt = clock.now();
  jobs.every('test', 1_000, async () => {
    ran.push(clock.now() - startedAt);
    if (ran.length === 1) throw new Error('away');
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 500));
  });
  await clock.advanceAsync(4_100);
  expect(ran).toEqual([1_000, 2_000, 3_500]);
  expect(lines).toEqual([expect.stringContaining('a recurring job failed; it is run again')]);
});

test('stopping waits for the run in hand and starts no other', async () => {
  const clock = fakeClock();
  const jobs = createJobs({ clock, logger: silentLogger() });
  let ended = 0;
  jobs.every('test', 1_000, async () => {
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 500));
    ended += 1;
  });
  await clock.advanceAsync(1_200);
  const stopped = jobs.stop();
  await clock.advanceAsync(5_000);
  await stopped;
  expect(ended).toBe(1);
  expect(clock.pending).toBe(0);
});
