import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { newApp, openChannel, say } from '../../../test/chat.ts';
import { createTestConsumer, upTo } from '../../../test/consumers.ts';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import type { Sql } from '../sql.ts';
import { forgetConsumer, readDeadLetters, releaseDeadLetter } from './dead-letters.ts';
import type { ConsumerOptions } from './define-consumer.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

/** Two channels of five events; the handler fails at the third of `bad` while `broken` says so. */
async function room(options: Partial<ConsumerOptions> & { readonly broken: () => boolean }) {
  const { appId } = await newApp(node);
  const tried: number[][] = [];
  const test = createTestConsumer(appId, {
    async handle({ channelId, events }) {
      if (channelId !== 'bad') return;
      tried.push(events.map(({ seq }) => seq));
      if (events.some(({ seq }) => seq === 3) && options.broken()) throw new Error('three is one too many');
    },
    ...options,
  });
  for (const channelId of ['bad', 'good']) {
    await openChannel(node.db, appId, channelId);
    for (const count of upTo(5)) await say(node.log, appId, channelId, `line ${count}`);
  }
  const runner = await test.run(node);
  onTestFinished(() => runner.stop());
  return { ...test, appId, tried };
}

test('a batch that fails comes again, one event at a time, in order, and holds up no other channel', async () => {
  let failures = 0;
  const own = await room({
    broken: () => {
      failures += 1;
      return failures <= 2;
    },
  });
  await eventually(() => expect(own.seqs('bad')).toEqual(upTo(5)));
  expect(own.seqs('good')).toEqual(upTo(5));
  expect(own.tried).toEqual([upTo(5), [1], [2], [3], [3], [4], [5]]);
  expect(await readDeadLetters(node.db, own.consumer.name, { limit: 10 })).toEqual([]);
});

test('a channel whose event fails too often is parked with the reason, and the others go on', async () => {
  let broken = true;
  const own = await room({ maxAttempts: 2, broken: () => broken });
  const { name } = own.consumer;
  const parked = () => readDeadLetters(node.db, name, { limit: 10 });
  await eventually(async () =>
    expect(await parked()).toMatchObject([
      { appId: own.appId, channelId: 'bad', seq: 3, attempts: 2, error: 'Error: three is one too many' },
    ]),
  );
  await say(node.log, own.appId, 'good', 'goes on');
  await say(node.log, own.appId, 'bad', 'waits');
  await eventually(() => expect(own.seqs('good')).toEqual(upTo(6)));
  expect(own.seqs('bad')).toEqual([1, 2]);

  broken = false;
  expect(await releaseDeadLetter(node.db, name, { appId: own.appId, channelId: 'bad' }, 'retry')).toBe(true);
  await eventually(() => expect(own.seqs('bad')).toEqual(upTo(6)));
  expect(await parked()).toEqual([]);
  expect(await releaseDeadLetter(node.db, name, { appId: own.appId, channelId: 'bad' }, 'retry')).toBe(false);
});

test('a consumer of a single attempt is parked at the event that failed alone, never at a batch', async () => {
  const own = await room({ maxAttempts: 1, broken: () => true });
  const place = { appId: own.appId, channelId: 'bad' };
  const { name } = own.consumer;
  await eventually(async () =>
    expect(await readDeadLetters(node.db, name, { limit: 1 })).toMatchObject([{ firstSeq: 3, seq: 3, attempts: 1 }]),
  );
  expect(own.tried).toEqual([upTo(5), [1], [2], [3]]);
  await releaseDeadLetter(node.db, name, place, 'skip');
  await eventually(() => expect(own.seqs('bad')).toEqual([1, 2, 4, 5]));
});

test('the event that failed can be skipped', async () => {
  const own = await room({ maxAttempts: 2, broken: () => true });
  const place = { appId: own.appId, channelId: 'bad' };
  const { name } = own.consumer;
  await eventually(async () => expect(await readDeadLetters(node.db, name, { limit: 1 })).toHaveLength(1));
  expect(await readDeadLetters(node.db, name, { limit: 1, after: place })).toEqual([]);
  await releaseDeadLetter(node.db, name, place, 'skip');
  await eventually(() => expect(own.seqs('bad')).toEqual([1, 2, 4, 5]));
});

test('attempts are counted on by the node that takes over', async () => {
  const own = await room({ maxAttempts: 100, retryMs: 600_000, broken: () => true });
  const attempts = async () => {
    const [row] = await node.db.query<{ attempts: number; waits: boolean }>(
      `SELECT attempts, retry_at > now() + interval '9 minutes' AS waits FROM consumer_cursors WHERE app_id = $1 AND channel_id = 'bad'`,
      [own.appId],
    );
    return row;
  };
  await eventually(async () => expect(await attempts()).toEqual({ attempts: 1, waits: true }));
  const tried = own.tried.length;
  const other = await own.run(await ground.node());
  onTestFinished(() => other.stop());
  await say(node.log, own.appId, 'good', 'both nodes look again');
  await eventually(() => expect(own.seqs('good')).toEqual(upTo(6)));
  expect(own.tried).toHaveLength(tried);
  await node.db.query(`UPDATE consumer_cursors SET retry_at = now() WHERE app_id = $1 AND channel_id = 'bad'`, [
    own.appId,
  ]);
  await eventually(() => expect(own.tried.length).toBeGreaterThan(tried));
  expect(own.tried[tried]).toEqual([1]);
});

test('a handler that takes too long is stopped, and has failed', async () => {
  const { appId } = await newApp(node);
  await openChannel(node.db, appId, 'a');
  await say(node.log, appId, 'a', 'hello');
  const attempts: number[] = [];
  const own = createTestConsumer(appId, {
    handleTimeoutMs: 50,
    async handle(_batch, { signal, attempt }) {
      attempts.push(attempt);
      if (attempt === 1)
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
    },
  });
  const runner = await own.run(node);
  onTestFinished(() => runner.stop());
  await eventually(() => expect(own.seqs('a')).toEqual([1]));
  expect(attempts).toEqual([1, 2]);
});

/** Breaks the first write of a cursor: before it is committed, or so that nobody hears that it was. */
const breaking =
  (when: 'before' | 'after') =>
  (sql: Sql): Sql => {
    let broken = false;
    return {
      async query<Row>(text: string, params?: readonly unknown[]): Promise<Row[]> {
        if (broken || !text.startsWith('-- consumer-move')) return await sql.query<Row>(text, params);
        broken = true;
        if (when === 'after') await sql.query(text, params);
        return await sql.query<Row>('SELECT pg_terminate_backend(pg_backend_pid())');
      },
    };
  };

test.each([
  ['before', [1, 2, 3, 1, 2, 3]],
  ['after', [1, 2, 3]],
] as const)('a connection that breaks %s the cursor is committed loses nothing', async (when, expected) => {
  const { appId } = await newApp(node);
  await openChannel(node.db, appId, 'a');
  for (const count of upTo(3)) await say(node.log, appId, 'a', `line ${count}`);
  const own = createTestConsumer(appId);
  const runner = await own.run(node, { wrap: breaking(when) });
  onTestFinished(() => runner.stop());
  await eventually(async () =>
    expect(await node.db.query('SELECT seq FROM consumer_cursors WHERE app_id = $1', [appId])).toEqual([{ seq: 3 }]),
  );
  await say(node.log, appId, 'a', 'goes on');
  await eventually(() => expect(own.seqs('a')).toEqual([...expected, 4]));
});

test('a consumer that was forgotten begins anew', async () => {
  const own = await room({ broken: () => false });
  await eventually(() => expect([own.seqs('good'), own.seqs('bad')]).toEqual([upTo(5), upTo(5)]));
  await forgetConsumer(node.db, own.consumer.name);
  const again = await own.run(node);
  onTestFinished(() => again.stop());
  await eventually(() => expect(own.seqs('good')).toEqual([...upTo(5), ...upTo(5)]));
});
