import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { newApp, openChannel, say } from '../../../test/chat.ts';
import { createTestConsumer, type TestConsumer, upTo } from '../../../test/consumers.ts';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import type { ConsumerOptions } from './define-consumer.ts';
import { register } from './leases-repository.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

async function room(options: Partial<ConsumerOptions> = {}) {
  const { appId } = await newApp(node);
  const test = createTestConsumer(appId, options);
  return {
    ...test,
    appId,
    open: (channelId: string) => openChannel(node.db, appId, channelId),
    async say(channelId: string, count = 1) {
      for (let index = 0; index < count; index += 1) await say(node.log, appId, channelId, `line ${index}`);
    },
    async start() {
      const runner = await test.run(node);
      onTestFinished(() => runner.stop());
      return runner;
    },
    cursors: () =>
      node.db.query<{ channelId: string; seq: number }>(
        'SELECT channel_id AS "channelId", seq FROM consumer_cursors WHERE app_id = $1 ORDER BY channel_id',
        [appId],
      ),
  };
}

const all = ({ seqs }: TestConsumer, channelId: string, count: number) =>
  eventually(() => expect(seqs(channelId)).toEqual(upTo(count)));

describe('a consumer', () => {
  test('is given every event of every channel once, in order and without a hole', async () => {
    const own = await room({ batchEvents: 7 });
    for (const channelId of ['a', 'b', 'c']) {
      await own.open(channelId);
      await own.say(channelId, 20);
    }
    await own.start();
    await own.open('late');
    await Promise.all(['a', 'b', 'late'].map((channelId) => own.say(channelId, 15)));
    await all(own, 'a', 35);
    await all(own, 'b', 35);
    await all(own, 'c', 20);
    await all(own, 'late', 15);
    expect(Math.max(...own.batches.map(({ events }) => events.length))).toBe(7);
    await eventually(async () =>
      expect(await own.cursors()).toEqual([
        { channelId: 'a', seq: 35 },
        { channelId: 'b', seq: 35 },
        { channelId: 'c', seq: 20 },
        { channelId: 'late', seq: 15 },
      ]),
    );
  });

  test('is given whole events, which say what their messages say now', async () => {
    const own = await room();
    await own.open('a');
    await own.say('a', 2);
    await node.db.query(`UPDATE messages SET text = 'edited' WHERE app_id = $1 AND seq = 1`, [own.appId]);
    await own.start();
    await all(own, 'a', 2);
    const events = own.batches.flatMap((batch) => batch.events);
    expect(events.map((event) => 'message' in event && event.message.text)).toEqual(['edited', 'line 1']);
    expect(own.batches[0]?.epoch).toBe(node.epoch.current);
  });

  test('finds by itself what nobody told it of', async () => {
    const own = await room();
    await own.open('a');
    await own.start();
    const other = await ground.node();
    await say(other.log, own.appId, 'a', 'by another node');
    await all(own, 'a', 1);
  });

  test('that starts at the head is given what happens from then on, in old channels and in new ones', async () => {
    const own = await room({ start: 'head' });
    for (const channelId of ['busy', 'quiet']) {
      await own.open(channelId);
      await own.say(channelId, 5);
    }
    await own.start();
    await own.open('new');
    await own.say('busy', 2);
    await own.say('new', 2);
    await eventually(() =>
      expect([own.seqs('busy'), own.seqs('new')]).toEqual([
        [6, 7],
        [1, 2],
      ]),
    );
    expect(own.seqs('quiet')).toEqual([]);
    expect(own.missed).toEqual([]);
  });

  test('that was away for an hour loses nothing and is given nothing twice', async () => {
    const own = await room({ start: 'head' });
    await own.open('a');
    const before = await own.start();
    await own.say('a', 3);
    await all(own, 'a', 3);
    await before.stop();
    for (const channelId of ['b', 'c']) await own.open(channelId);
    for (const channelId of ['a', 'b', 'c']) await own.say(channelId, 40);
    for (const [table, column] of [
      ['channel_events', 'at'],
      ['channels', 'head_at'],
      ['consumers', 'started_at'],
      ['channels', 'created_at'],
    ])
      await node.db.query(
        `UPDATE ${table} SET ${column} = ${column} - interval '1 hour' WHERE ${table === 'consumers' ? 'consumer' : 'app_id'} = $1`,
        [table === 'consumers' ? own.consumer.name : own.appId],
      );
    await own.start();
    await all(own, 'a', 43);
    await all(own, 'b', 40);
    await all(own, 'c', 40);
  });

  test('is told of what was pruned before it came to it', async () => {
    const own = await room();
    await own.open('a');
    await own.say('a', 2);
    const before = await own.start();
    await all(own, 'a', 2);
    await before.stop();
    await own.say('a', 5);
    await node.db.query(`UPDATE channel_events SET at = at - interval '40 days' WHERE app_id = $1`, [own.appId]);
    expect(await node.log.prune(30)).toBe(7);
    await own.say('a', 1);
    await own.start();
    await eventually(() => expect(own.seqs('a')).toEqual([1, 2, 8]));
    expect(own.missed).toEqual([{ appId: own.appId, channelId: 'a', firstSeq: 3, lastSeq: 7 }]);
  });

  test('that begins at the earliest is told of all that is pruned, also before it came to the channel at all', async () => {
    const own = await room();
    await own.open('a');
    await register(node.db, own.consumer);
    await own.say('a', 3);
    await node.db.query(`UPDATE channel_events SET at = at - interval '40 days' WHERE app_id = $1`, [own.appId]);
    expect(await node.log.prune(30)).toBe(3);
    await own.start();
    await eventually(() => expect(own.missed).toEqual([{ appId: own.appId, channelId: 'a', firstSeq: 1, lastSeq: 3 }]));
    await own.say('a', 1);
    await eventually(() => expect(own.seqs('a')).toEqual([4]));
  });

  test('of one app hears nothing of another', async () => {
    const own = await room();
    const { appId } = await newApp(node);
    await openChannel(node.db, appId, 'a');
    await say(node.log, appId, 'a', 'elsewhere');
    await own.open('a');
    await own.start();
    await say(node.log, appId, 'a', 'elsewhere');
    await own.say('a');
    await all(own, 'a', 1);
    expect(new Set(own.batches.map((batch) => batch.appId))).toEqual(new Set([own.appId]));
  });

  test('that is slow slows nobody else, and has no more in hand than it was allowed', async () => {
    let inHand = 0;
    let most = 0;
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const own = await room({
      concurrency: 3,
      async handle() {
        inHand += 1;
        most = Math.max(most, inHand);
        await released;
        inHand -= 1;
      },
    });
    const quick = createTestConsumer(own.appId);
    const channelIds = upTo(12).map((count) => `c${count}`);
    for (const channelId of channelIds) {
      await own.open(channelId);
      await own.say(channelId, 3);
    }
    await own.start();
    const other = await quick.run(node);
    onTestFinished(() => other.stop());
    for (const channelId of channelIds) await all(quick, channelId, 3);
    await own.say('c1');
    await all(quick, 'c1', 4);
    expect([inHand, most, own.batches.length]).toEqual([3, 3, 0]);
    release();
    for (const channelId of channelIds) await all(own, channelId, channelId === 'c1' ? 4 : 3);
    expect(most).toBe(3);
  });
});
