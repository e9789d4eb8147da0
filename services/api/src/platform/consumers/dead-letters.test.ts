import { createLogger } from '@parley/service-kit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { newApp, openChannel, say } from '../../../test/chat.ts';
import { createTestConsumer, upTo } from '../../../test/consumers.ts';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { readDeadLetters, releaseDeadLetter } from './dead-letters.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

const refuses = () => {
  throw new Error('refused');
};

test.each([
  ['nothing that has a text', Object.create(null), 'something was thrown that cannot be shown as text'],
  ['a text that refuses', { toString: refuses }, 'something was thrown that cannot be shown as text'],
  [
    'an error whose message refuses',
    Object.defineProperty(new Error('hidden'), 'message', { get: refuses }),
    'something was thrown that cannot be shown as text',
  ],
  [
    'a proxy that refuses everything',
    new Proxy({}, { get: refuses, getPrototypeOf: refuses }),
    'something was thrown that cannot be shown as text',
  ],
  ['a zero byte', 'a\u0000b', 'a\uFFFDb'],
])('a handler that throws %s is parked like any other', async (_, thrown, error) => {
  const { appId } = await newApp(node);
  await openChannel(node.db, appId, 'a');
  await say(node.log, appId, 'a', 'hello');
  const lines: string[] = [];
  const own = createTestConsumer(appId, {
    maxAttempts: 2,
    handle: async () => {
      throw thrown;
    },
  });
  const runner = await own.run(node, {
    logger: createLogger({ service: 'test', stream: { write: (line) => void lines.push(line) } }),
  });
  onTestFinished(() => runner.stop());
  await eventually(async () =>
    expect(await readDeadLetters(node.db, own.consumer.name, { limit: 1 })).toMatchObject([{ attempts: 2, error }]),
  );
  await eventually(() => expect(lines.join('')).toContain('the channel is parked until somebody decides'));
});

test('of a range of missed events all are tried again, or all are skipped', async () => {
  const { appId } = await newApp(node);
  const place = { appId, channelId: 'a' };
  await openChannel(node.db, appId, 'a');
  for (const count of upTo(4)) await say(node.log, appId, 'a', `line ${count}`);
  await prune(appId);
  await say(node.log, appId, 'a', 'kept');
  const told: number[][] = [];
  const own = createTestConsumer(appId, {
    maxAttempts: 1,
    async missed({ firstSeq, lastSeq }) {
      told.push([firstSeq, lastSeq]);
      throw new Error('nothing may be missed');
    },
  });
  const runner = await own.run(node);
  onTestFinished(() => runner.stop());
  const parked = () => readDeadLetters(node.db, own.consumer.name, { limit: 1 });
  const range = { firstSeq: 1, seq: 4, error: 'Error: nothing may be missed' };
  await eventually(async () => expect(await parked()).toMatchObject([range]));
  await releaseDeadLetter(node.db, own.consumer.name, place, 'retry');
  await eventually(() => expect(told).toHaveLength(2));
  await eventually(async () => expect(await parked()).toMatchObject([range]));
  // What is pruned while it is parked is a range of its own, of which nobody has been told.
  await prune(appId);
  await say(node.log, appId, 'a', 'kept too');
  await releaseDeadLetter(node.db, own.consumer.name, place, 'skip');
  await eventually(async () => expect(await parked()).toMatchObject([{ ...range, firstSeq: 5, seq: 5 }]));
  await releaseDeadLetter(node.db, own.consumer.name, place, 'skip');
  await eventually(() => expect(own.seqs('a')).toEqual([6]));
  expect(told).toEqual([
    [1, 4],
    [1, 4],
    [5, 5],
  ]);
});

/** Everything said so far in the app is older than the log keeps. */
async function prune(appId: string) {
  await node.db.query(`UPDATE channel_events SET at = at - interval '40 days' WHERE app_id = $1`, [appId]);
  await node.log.prune(30);
}
