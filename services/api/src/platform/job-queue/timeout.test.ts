import { fakeClock } from '@parley/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { aborted, gate, greet, startQueue } from '../../../test/queued-jobs.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

test('a handler that ignores its signal costs its worker the time of the job and five seconds', async () => {
  const clock = fakeClock();
  const stuck = gate();
  const { job, done, contexts } = greet({
    concurrency: 1,
    timeoutSeconds: 1,
    retryLimit: 0,
    work: async ({ name }) => {
      if (name === 'bad') await stuck.opened;
    },
  });
  const queue = await startQueue({ databaseUrl: ground.url, jobs: [job], clock });
  await queue.send(job, { name: 'bad' });
  await queue.send(job, { name: 'good' });
  await eventually(() => expect(contexts).toHaveLength(1));
  await clock.advanceAsync(1_000);
  expect(contexts[0]?.signal.reason).toMatchObject({ code: 'timeout' });
  await clock.advanceAsync(5_000);
  await eventually(() => expect(done).toEqual(['good']));
  await eventually(async () => expect(await queue.dead(job, 10)).toMatchObject([{ input: { name: 'bad' } }]));
  expect(await queue.metrics.text()).toContain(
    `parley_job_attempts_total{job="${job.name}",outcome="timed_out",service="api"} 1`,
  );
  expect(queue.logged).toContain('a queued job took too long; it was the last attempt, so it is a dead letter');
  stuck.fail(new Error('too late'));
  await eventually(() => expect(queue.logged).toContain('an abandoned queued job failed after all'));
});

test('a handler that heeds its signal is tried again with its input', async () => {
  const clock = fakeClock();
  const { job, done, contexts } = greet({
    timeoutSeconds: 1,
    work: async (_, { signal, attempt }) => {
      if (attempt === 1) await aborted(signal);
    },
  });
  const queue = await startQueue({ databaseUrl: ground.url, jobs: [job], clock });
  await queue.send(job, { name: 'ada' });
  await eventually(() => expect(contexts).toHaveLength(1));
  await clock.advanceAsync(1_000);
  await eventually(() => expect(done).toEqual(['ada']));
  expect(queue.logged).toEqual(['a queued job took too long; it is tried again']);
});

test('a piece that pg-boss ends first, as one of an older version, costs its worker no more; and its warning is logged', async () => {
  const clock = fakeClock();
  const stuck = gate();
  const { job, done, contexts } = greet({
    concurrency: 1,
    retrySeconds: 3_600,
    work: async ({ name }) => {
      if (name === 'bad') await stuck.opened;
    },
  });
  const queue = await startQueue({ databaseUrl: ground.url, jobs: [job], clock });
  await node.db.query('UPDATE parley_jobs.queue SET expire_seconds = 1 WHERE name = $1', [job.name]);
  await queue.send(job, { name: 'bad' });
  await queue.send(job, { name: 'good' });
  await eventually(() => expect(contexts[0]?.signal.aborted).toBe(true));
  await eventually(() => expect(queue.logged).toContainEqual(expect.stringMatching(/^the job queue warns: a handler/)));
  await clock.advanceAsync(5_000);
  await eventually(() => expect(done).toEqual(['good']));
  expect(queue.logged).toContain('a queued job was taken from its worker; it is tried again');
  stuck.open();
  await eventually(() => expect(queue.logged).toContain('an abandoned queued job ended after all'));
});
