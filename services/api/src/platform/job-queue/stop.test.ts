import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { aborted, type Greeting, gate, greet, killWhoWaits, startQueue } from '../../../test/queued-jobs.ts';
import type { Job } from './define-job.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
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
  let restarting = true;
  let failures = 0;
  const { job, done, contexts } = greet({
    retryLimit: 1,
    work: async (_, { signal }) => {
      if (restarting) await aborted(signal);
      failures += 1;
      if (failures === 1) throw new Error('the only failure that it may have');
    },
  });
  for (const restarts of [1, 2]) {
    const queue = await queueOf(job);
    if (restarts === 1) await queue.send(job, { name: 'ada' });
    await eventually(() => expect(contexts).toHaveLength(restarts));
    await queue.stop();
    expect(queue.logged).toEqual(['a queued job was interrupted; it is started again']);
  }
  restarting = false;
  const queue = await queueOf(job);
  await eventually(() => expect(done).toEqual(['ada']));
  expect(await queue.dead(job, 10)).toEqual([]);
  expect(new Set(contexts.map(({ id }) => id)).size).toBe(1);
  expect(contexts.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 2]);
});

test('a piece that could not be handed back is tried again all the same', async () => {
  const { job, done, contexts } = greet({
    work: async (_, { signal, attempt }) => {
      if (attempt === 1) await aborted(signal);
    },
  });
  const queue = await queueOf(job);
  const id = await queue.send(job, { name: 'ada' });
  await eventually(() => expect(contexts).toHaveLength(1));
  let stopped: Promise<void> | undefined;
  await node.db.transaction(async (sql) => {
    await sql.query('SELECT 1 FROM parley_jobs.job WHERE name = $1 AND id = $2 FOR UPDATE', [job.name, id]);
    stopped = queue.stop();
    await killWhoWaits(node.db);
    await eventually(() => expect(queue.logged).toContain('unable to hand back a queued job; the attempt counts'));
  });
  await stopped;
  await queueOf(job);
  await eventually(() => expect(done).toEqual(['ada']));
});
