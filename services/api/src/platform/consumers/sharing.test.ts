import { fakeClock } from '@parley/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { newApp, openChannel, say } from '../../../test/chat.ts';
import { createTestConsumer, upTo } from '../../../test/consumers.ts';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import type { ConsumerRunner } from './consumer-runner.ts';
import { moveCursors } from './cursors.ts';
import { readDeadLetters } from './dead-letters.ts';
import type { ConsumerOptions } from './define-consumer.ts';
import { claim, register } from './leases-repository.ts';
import { partitionOf } from './partition.ts';

let ground: Ground;
let node: Node;
let other: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
  other = await ground.node();
});
afterAll(() => ground.close());

async function room(options: Partial<ConsumerOptions> = {}) {
  const { appId } = await newApp(node);
  const own = createTestConsumer(appId, options);
  return {
    ...own,
    appId,
    async open(count: number) {
      const channelIds = upTo(count).map((index) => `c${index}`);
      for (const channelId of channelIds) await openChannel(node.db, appId, channelId);
      return channelIds;
    },
    say: (channelId: string) => say(node.log, appId, channelId, 'hello'),
    async start(...[on, more]: Parameters<typeof own.run>): Promise<ConsumerRunner> {
      const runner = await own.run(on, more);
      onTestFinished(() => runner.stop());
      return runner;
    },
  };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('two nodes share the work, and never have one channel in hand at once', async () => {
  const inHand = new Set<string>();
  const together: string[] = [];
  const own = await room({
    batchEvents: 3,
    async handle({ channelId }) {
      if (inHand.has(channelId)) together.push(channelId);
      inHand.add(channelId);
      for (let index = 0; index < 10; index += 1) await turn();
      inHand.delete(channelId);
    },
  });
  const channelIds = await own.open(30);
  const send = () => Promise.all(channelIds.map((channelId) => own.say(channelId)));
  const first = await own.start(node, { leaseMs: 1_000 });
  await send();
  const second = await own.start(other, { leaseMs: 1_000 });
  let sent = 1;
  await eventually(async () => {
    await send();
    sent += 1;
    expect([first.partitions.length, second.partitions.length]).toEqual([8, 8]);
  });
  for (const _ of upTo(3)) await send();
  for (const channelId of channelIds) await eventually(() => expect(own.seqs(channelId)).toEqual(upTo(sent + 3)));
  expect(together).toEqual([]);
});

test('the share of a node that died is taken over when its leases are over', async () => {
  const own = await room();
  const channelIds = await own.open(8);
  // A process that was killed renews nothing, and says nothing to anybody.
  const dead = fakeClock(Date.now());
  await own.start(node, { clock: dead, leaseMs: 300 });
  await Promise.all(channelIds.map(own.say));
  const heir = await own.start(other, { leaseMs: 300 });
  await eventually(() => expect(heir.partitions).toHaveLength(16));
  await Promise.all(channelIds.map(own.say));
  for (const channelId of channelIds)
    await eventually(() => expect(new Set(own.seqs(channelId))).toEqual(new Set([1, 2])));
});

test('a node that stood still past its lease cannot write its cursor, whatever it has done', async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asleep = true;
  const own = await room({
    maxAttempts: 1,
    async handle() {
      if (!asleep) throw new Error('refused by the node that took over');
      asleep = false;
      await released;
    },
  });
  const [channelId = ''] = await own.open(1);
  await own.say(channelId);
  const sleeper = await own.start(node, { clock: fakeClock(Date.now()), leaseMs: 300 });
  await eventually(() => expect(asleep).toBe(false));
  const heir = await own.start(other, { leaseMs: 300 });
  await eventually(async () =>
    expect(await readDeadLetters(node.db, own.consumer.name, { limit: 2 })).toMatchObject([{ channelId, seq: 1 }]),
  );
  expect(sleeper.partitions).toHaveLength(16);
  release();
  await eventually(() => expect(own.batches).toHaveLength(1));
  // Its clock says that it holds all of them; the database told it of the one.
  await eventually(() => expect(sleeper.partitions).toHaveLength(15));
  expect(heir.partitions).toHaveLength(16);
  expect(
    await node.db.query('SELECT seq FROM consumer_cursors WHERE app_id = $1 AND channel_id = $2', [
      own.appId,
      channelId,
    ]),
  ).toEqual([{ seq: 0 }]);
});

test('a cursor is written under the newest lease alone, and never goes back', async () => {
  const own = await room();
  const { name } = own.consumer;
  const place = { appId: own.appId, channelId: 'c1' };
  const partition = partitionOf(place);
  await register(node.db, own.consumer);
  const take = async (ms: number) => {
    const runnerId = crypto.randomUUID();
    const leases = await claim(node.db, { consumer: name, runnerId }, { held: [], most: 16, ms });
    return leases.find((lease) => lease.partition === partition) ?? { partition, token: 0 };
  };
  const move = async (lease: { partition: number; token: number }, seq: number) => {
    const [written] = await moveCursors(node.db, name, [
      { ...place, lease, seq, attempts: 0, singleUntil: 0, retryMs: 0, parked: null },
    ]);
    return written;
  };
  const old = await take(-1);
  expect(await move(old, 3)).toBe(true);
  const newest = await take(10_000);
  expect(newest.token).toBe(old.token + 1);
  expect([await move(old, 9), await move(newest, 5), await move(newest, 4)]).toEqual([false, true, false]);
  expect(await node.db.query('SELECT seq FROM consumer_cursors WHERE app_id = $1', [own.appId])).toEqual([{ seq: 5 }]);
});

test('in a rolling deploy nothing is lost, and what was in hand ends before the next node has it', async () => {
  const own = await room({
    batchEvents: 2,
    async handle() {
      for (let index = 0; index < 5; index += 1) await turn();
    },
  });
  const channelIds = await own.open(10);
  let sent = 0;
  const send = async () => {
    sent += 1;
    await Promise.all(channelIds.map((channelId) => own.say(channelId)));
  };
  let runner = await own.start(node);
  for (const _ of upTo(4)) {
    const next = own.start(other);
    for (const _more of upTo(5)) await send();
    await runner.stop();
    for (const _more of upTo(5)) await send();
    runner = await next;
  }
  for (const channelId of channelIds) await eventually(() => expect(own.seqs(channelId)).toEqual(upTo(sent)));
});
