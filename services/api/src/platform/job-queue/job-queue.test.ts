import { createMetrics, silentLogger, systemClock } from '@parley/service-kit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { type Greeting, greet, startQueue } from '../../../test/queued-jobs.ts';
import type { Job } from './define-job.ts';
import { createJobQueue } from './job-queue.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

const queueOf = (...jobs: readonly Job<Greeting>[]) => startQueue({ databaseUrl: ground.url, jobs });

test('what is sent is done soon, by one of the nodes', async () => {
  const { job, done } = greet();
  const [one] = await Promise.all([queueOf(job), queueOf(job)]);
  for (const name of ['ada', 'bob', 'eve']) await one.send(job, { name });
  await eventually(() => expect(done.toSorted()).toEqual(['ada', 'bob', 'eve']));
});

test('what a transaction sent that was rolled back is never done', async () => {
  const { job, done } = greet();
  const queue = await queueOf(job);
  await expect(
    node.db.transaction(async (sql) => {
      await queue.send(job, { name: 'undone' }, { sql });
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  await node.db.transaction((sql) => queue.send(job, { name: 'done' }, { sql }));
  await eventually(() => expect(done).toEqual(['done']));
});

test('a job that fails is tried again, then is a dead letter that can be tried once more', async () => {
  let broken = true;
  const { job, done, contexts } = greet({
    retryLimit: 1,
    work: async () => {
      if (broken) throw new Error('broken');
    },
  });
  const queue = await queueOf(job);
  const id = await queue.send(job, { name: 'ada' });
  await eventually(async () => expect(await queue.dead(job, 10)).toMatchObject([{ input: { name: 'ada' } }]));
  expect(contexts.map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(new Set(contexts.map((context) => context.id))).toEqual(new Set([id]));
  expect(await queue.metrics.text()).toContain(
    `parley_job_attempts_total{job="${job.name}",outcome="failed",service="api"} 2`,
  );
  broken = false;
  expect(await queue.retryDead(job, 10)).toBe(1);
  await eventually(() => expect(done).toEqual(['ada']));
  expect(await queue.dead(job, 10)).toEqual([]);
  expect(queue.logged).toContain('a queued job failed; it is tried again');
  expect(queue.logged).toContain('a queued job failed; it was the last attempt, so it is a dead letter');
});

test('dead ones are read and tried again in bounded numbers, the oldest first', async () => {
  const { job } = greet({
    retryLimit: 0,
    concurrency: 1,
    work: async () => {
      throw new Error('broken');
    },
  });
  const queue = await queueOf(job);
  for (const name of ['ada', 'bob', 'eve']) {
    await queue.send(job, { name });
    await eventually(async () => expect((await queue.dead(job, 10)).at(-1)?.input).toEqual({ name }));
  }
  expect((await queue.dead(job, 2)).map(({ input }) => input)).toEqual([{ name: 'ada' }, { name: 'bob' }]);
  const refusal = { code: 'invalid_input', details: { field: 'limit', limit: 1_000 } };
  for (const limit of [0, 1.5, 1_001]) {
    await expect(queue.dead(job, limit)).rejects.toMatchObject(refusal);
    await expect(queue.retryDead(job, limit)).rejects.toMatchObject(refusal);
  }
});

test('no more are in hand at once than the job allows', async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let inHand = 0;
  let most = 0;
  const { job, done } = greet({
    concurrency: 2,
    async work() {
      inHand += 1;
      most = Math.max(most, inHand);
      await released;
      inHand -= 1;
    },
  });
  const queue = await queueOf(job);
  for (let count = 1; count <= 6; count += 1) await queue.send(job, { name: `n${count}` });
  await eventually(() => expect(inHand).toBe(2));
  release();
  await eventually(() => expect(done).toHaveLength(6));
  expect(most).toBe(2);
});

test('an input that the job does not know is refused by the name of the field', async () => {
  const { job } = greet();
  const queue = await queueOf(job);
  await expect(queue.send(job, { name: '' })).rejects.toMatchObject({
    code: 'invalid_input',
    details: { field: 'name' },
  });
});

test('without a job nothing is made in the database', async () => {
  const own = await createGround();
  onTestFinished(() => own.close());
  const other = await own.node();
  const queue = createJobQueue({
    jobs: [],
    databaseUrl: own.url,
    clock: systemClock,
    logger: silentLogger(),
    metrics: createMetrics('api'),
  });
  await queue.start();
  await queue.stop();
  expect(await other.db.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'parley_jobs'`)).toEqual([]);
});

test.each([
  [{ name: 'Greet' }, 'name'],
  [{ retryLimit: 101 }, 'retryLimit'],
  [{ timeoutSeconds: 0 }, 'timeoutSeconds'],
])('%o is refused by the name of the field', (change, field) => {
  expect(() => greet(change)).toThrow(
    expect.objectContaining({ code: 'invalid_input', details: expect.objectContaining({ field }) }),
  );
});
