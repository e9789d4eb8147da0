import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground } from '../../../test/ground.ts';
import { aborted, type Greeting, gate, greet, startQueue } from '../../../test/queued-jobs.ts';
import type { Job } from './define-job.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

const queueOf = (...jobs: readonly Job<Greeting>[]) => startQueue({ databaseUrl: ground.url, jobs });

test('a queue that stops lets work in hand end, and takes no more', async () => {
  const work = gate();
  const { job, done, contexts } = greet({ concurrency: 1, work: () => work.opened });
  const queue = await queueOf(job);
  await queue.send(job, { name: 'ada' });
  await queue.send(job, { name: 'bob' });
  await eventually(() => expect(contexts).toHaveLength(1));
  const stopped = queue.stop();
  await eventually(() => expect(contexts[0]?.signal.aborted).toBe(true));
  work.open();
  await stopped;
  expect(done).toEqual(['ada']);
  expect(contexts).toHaveLength(1);
});

test('what is asked of a queue that has stopped is refused', async () => {
  const { job } = greet();
  const queue = await queueOf(job);
  await queue.stop();
  const refusal = { code: 'unavailable', message: expect.stringContaining('it is not running') };
  await expect(queue.send(job, { name: 'bob' })).rejects.toMatchObject(refusal);
  await expect(queue.dead(job, 10)).rejects.toMatchObject(refusal);
  await expect(queue.retryDead(job, 10)).rejects.toMatchObject(refusal);
});

test('work in hand may send what follows on it while the queue stops', async () => {
  const work = gate();
  const { job: next, done } = greet();
  const { job, contexts } = greet({
    async work({ name }) {
      await work.opened;
      await queue.send(next, { name });
    },
  });
  const queue = await queueOf(job);
  const other = await queueOf(next);
  await queue.send(job, { name: 'ada' });
  await eventually(() => expect(contexts).toHaveLength(1));
  const stopped = queue.stop();
  await eventually(() => expect(contexts[0]?.signal.aborted).toBe(true));
  work.open();
  await stopped;
  await eventually(() => expect(done).toEqual(['ada']));
  expect(other.logged).toEqual([]);
});

test('stops of nodes cost a long piece none of its attempts', async () => {
  let isLast = false;
  const { job, done, contexts } = greet({
    retryLimit: 1,
    work: async (_, { signal }) => {
      if (!isLast) await aborted(signal);
    },
  });
  for (const restarts of [1, 2, 3]) {
    const queue = await queueOf(job);
    if (restarts === 1) await queue.send(job, { name: 'ada' });
    await eventually(() => expect(contexts).toHaveLength(restarts));
    await queue.stop();
    expect(queue.logged).toEqual(['a queued job was interrupted; it is started again']);
  }
  isLast = true;
  const queue = await queueOf(job);
  await eventually(() => expect(done).toEqual(['ada']));
  expect(await queue.dead(job, 10)).toEqual([]);
  expect(new Set(contexts.map(({ id }) => id)).size).toBe(1);
});
