import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { type Greeting, gate, greet, killWhoWaits, startQueue } from '../../../test/queued-jobs.ts';
import type { Job } from './define-job.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

const queueOf = (...jobs: readonly Job<Greeting>[]) => startQueue({ databaseUrl: ground.url, jobs });
const later = { afterSeconds: 3_600 };

test('while a piece of a key waits, no further one of it is taken, from whatever node', async () => {
  const { job } = greet();
  const [one, other] = await Promise.all([queueOf(job), queueOf(job)]);
  const sends = Array.from({ length: 10 }, (_, index) =>
    (index % 2 ? one : other).send(job, { name: `n${index}` }, { key: 'ada', ...later }),
  );
  const ids = await Promise.all(sends);
  expect(ids.filter((id) => id !== null)).toHaveLength(1);
});

test('pieces of other keys, of other jobs and without a key are taken beside it', async () => {
  const { job } = greet();
  const { job: another } = greet();
  const queue = await queueOf(job, another);
  const ids = [
    await queue.send(job, { name: 'ada' }, { key: 'ada', ...later }),
    await queue.send(job, { name: 'bob' }, { key: 'bob', ...later }),
    await queue.send(another, { name: 'ada' }, { key: 'ada', ...later }),
    await queue.send(job, { name: 'eve' }, later),
    await queue.send(job, { name: 'eve' }, later),
  ];
  expect(new Set(ids.filter((id) => id !== null)).size).toBe(5);
});

test('a piece in hand does not wait, one that is tried again does', async () => {
  const work = gate();
  const { job, contexts } = greet({ retrySeconds: 3_600, work: () => work.opened });
  const queue = await queueOf(job);
  const key = { key: 'ada' };
  await queue.send(job, { name: 'first' }, key);
  await eventually(() => expect(contexts).toHaveLength(1));
  expect(await queue.send(job, { name: 'second' }, key)).not.toBeNull();
  await eventually(() => expect(contexts).toHaveLength(2));
  work.fail(new Error('broken'));
  await eventually(async () => expect(await queue.send(job, { name: 'third' }, key)).toBeNull());
});

test('a key whose transaction was rolled back is free again', async () => {
  const { job } = greet();
  const queue = await queueOf(job);
  const key = { key: 'ada', ...later };
  await expect(
    node.db.transaction(async (sql) => {
      expect(await queue.send(job, { name: 'undone' }, { ...key, sql })).not.toBeNull();
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  expect(await node.db.transaction((sql) => queue.send(job, { name: 'done' }, { ...key, sql }))).not.toBeNull();
  expect(await queue.send(job, { name: 'again' }, key)).toBeNull();
});

test('a send with a key whose connection dies is refused as a whole, and can be sent again', async () => {
  const { job } = greet();
  const queue = await queueOf(job);
  const key = { key: 'ada', ...later };
  await expect(
    node.db.transaction(async (sql) => {
      await queue.send(job, { name: 'undone' }, { ...key, sql });
      const waits = expect(queue.send(job, { name: 'ada' }, key)).rejects.toMatchObject({ code: 'unavailable' });
      await killWhoWaits(node.db);
      await waits;
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  expect(await queue.send(job, { name: 'ada' }, key)).not.toBeNull();
});

test.each([[''], ['x'.repeat(201)]])('the key "%s" is refused by the name of the field', async (key) => {
  const { job } = greet();
  const queue = await queueOf(job);
  await expect(queue.send(job, { name: 'ada' }, { key })).rejects.toMatchObject({
    code: 'invalid_input',
    details: { field: 'key', limit: 200 },
  });
});
