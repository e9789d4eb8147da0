import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newApp, say } from '../../test/chat.ts';
import { eventually } from '../../test/eventually.ts';
import { channelId, openGeneralChannel } from '../../test/general-channel.ts';
import { createGround, type Ground, type Node } from '../../test/ground.ts';
import { patientLog } from '../../test/patient-log.ts';
import { readLog } from '../../test/read-log.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

describe('a write', () => {
  test('gets the next dense seq and is in the log when the promise resolves', async () => {
    const appId = await openGeneralChannel(node);
    expect((await say(node.log, appId, channelId, 'one')).seq).toBe(1);
    expect((await say(node.log, appId, channelId, 'two')).seq).toBe(2);
    const page = await readLog(node, appId, channelId, 0, 100);
    expect(page).toMatchObject({ head: 2, floor: 0 });
    expect(page.events.map((event) => event.__typename === 'MessageCreated' && event.message.text)).toEqual([
      'one',
      'two',
    ]);
  });

  test('reaches those who watch the channel, in order', async () => {
    const appId = await openGeneralChannel(node);
    const seen: number[] = [];
    const watcher = node.bus.subscribe(subjects.channel(appId, channelId), (payload) => {
      for (const event of JSON.parse(payload).events) seen.push(event.seq);
    });
    await watcher.ready;
    const log = patientLog(node);
    await Promise.all(Array.from({ length: 200 }, (_, index) => say(log, appId, channelId, `${index}`)));
    await eventually(() => expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index + 1)));
    watcher.unsubscribe();
    await log.close();
  });

  test('leaves nothing in the outbox once it is published', async () => {
    const appId = await openGeneralChannel(node);
    await say(node.log, appId, channelId, 'one');
    await eventually(async () =>
      expect(await node.db.query('SELECT 1 FROM outbox WHERE app_id = $1', [appId])).toEqual([]),
    );
  });

  test('to a channel that does not exist, or was deleted, is not_found', async () => {
    const appId = await openGeneralChannel(node);
    await expect(say(node.log, appId, 'messaging:none', 'x')).rejects.toMatchObject({ code: 'not_found' });
    await node.log.write(appId, channelId, { run: async (tx) => tx.patch({ deletedAt: tx.at }) });
    await expect(say(node.log, appId, channelId, 'x')).rejects.toMatchObject({ code: 'not_found' });
    expect(await node.log.heads([{ appId, channelId }])).toMatchObject({ heads: [null] });
  });

  test('is never stamped earlier than the event before it', async () => {
    const appId = await openGeneralChannel(node);
    await say(node.log, appId, channelId, 'one');
    // The clock of the database was put back.
    await node.db.query(`UPDATE channels SET head_at = '2999-01-01T00:00:00Z' WHERE app_id = $1`, [appId]);
    expect((await say(node.log, appId, channelId, 'two')).at).toBe('2999-01-01T00:00:00.000Z');
  });

  test('writes what it changed of the channel, at once visible to the next', async () => {
    const appId = await openGeneralChannel(node);
    await node.log.write(appId, channelId, {
      run: async (tx) => tx.patch({ name: 'Hall', custom: { a: 1 }, memberCount: 3 }),
    });
    const row = await node.log.write(appId, channelId, { run: async (tx) => tx.channel });
    expect(row).toMatchObject({ name: 'Hall', custom: { a: 1 }, memberCount: 3, seq: 0 });
  });
});

describe('creation', () => {
  test('makes the channel and its first event together, or neither', async () => {
    const { appId } = await newApp(node);
    const insert = `INSERT INTO channels (app_id, channel_id, type, key) VALUES ($1, $2, 'messaging', 'general') ON CONFLICT DO NOTHING`;
    const create = (fail: boolean) =>
      node.log.write(appId, channelId, {
        prepare: (sql) => sql.query(insert, [appId, channelId]),
        async run(tx) {
          const event = tx.append({ __typename: 'MembersAdded', actor: null, members: [], memberCount: 0 });
          if (fail) throw new Error('half way');
          return event.seq;
        },
      });
    await expect(create(true)).rejects.toThrow('half way');
    await expect(readLog(node, appId, channelId, 0, 10)).rejects.toMatchObject({ code: 'not_found' });
    expect(await create(false)).toBe(1);
  });
});

describe('reading', () => {
  test('goes page by page without a hole', async () => {
    const appId = await openGeneralChannel(node);
    await Promise.all(Array.from({ length: 25 }, (_, index) => say(node.log, appId, channelId, `${index}`)));
    const first = await readLog(node, appId, channelId, 0, 10);
    const second = await readLog(node, appId, channelId, 10, 10);
    const third = await readLog(node, appId, channelId, 20, 10);
    const all = [first, second, third].flatMap((page) => page.events.map((event) => event.seq));
    expect(all).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    expect(await readLog(node, appId, channelId, 25, 10)).toMatchObject({ head: 25, floor: 0, events: [] });
  });

  test('cuts a page by bytes, but never to nothing', async () => {
    const appId = await openGeneralChannel(node);
    const long = 'x'.repeat(250_000);
    await Promise.all([1, 2, 3].map(() => say(node.log, appId, channelId, long)));
    expect((await readLog(node, appId, channelId, 0, 100)).events.map((event) => event.seq)).toEqual([1, 2]);
    await say(node.log, appId, channelId, 'y'.repeat(700_000));
    expect((await readLog(node, appId, channelId, 3, 100)).events.map((event) => event.seq)).toEqual([4]);
  });

  test('reports heads in the order asked for', async () => {
    const appId = await openGeneralChannel(node);
    await say(node.log, appId, channelId, 'one');
    const heads = await node.log.heads([
      { appId, channelId: 'messaging:none' },
      { appId, channelId },
      { appId: 'other', channelId },
    ]);
    expect(heads).toMatchObject({ heads: [null, 1, null] });
  });
});

describe('retention', () => {
  test('prunes old events, raises the floor, keeps the messages', async () => {
    const appId = await openGeneralChannel(node);
    await Promise.all(['a', 'b', 'c'].map((text) => say(node.log, appId, channelId, text)));
    await node.db.query(`UPDATE channel_events SET at = now() - interval '40 days' WHERE app_id = $1 AND seq <= 2`, [
      appId,
    ]);
    expect(await node.log.prune(30)).toBe(2);
    expect(await readLog(node, appId, channelId, 0, 10)).toMatchObject({ head: 3, floor: 2, events: [{ seq: 3 }] });
    expect(await node.db.query('SELECT count(*)::int AS n FROM messages WHERE app_id = $1', [appId])).toEqual([
      { n: 3 },
    ]);
    expect(await node.log.prune(30)).toBe(0);
  });
});

test('a log that is closing finishes what it has in hand and refuses the rest', async () => {
  const other = await ground.node();
  const appId = await openGeneralChannel(node);
  const log = patientLog(other);
  const sends = Array.from({ length: 70 }, (_, index) => say(log, appId, channelId, `${index}`));
  const closed = log.close();
  await expect(say(log, appId, channelId, 'late')).rejects.toMatchObject({ code: 'unavailable' });
  await Promise.all(sends);
  await closed;
  expect(await other.db.query('SELECT 1 FROM outbox WHERE app_id = $1', [appId])).toEqual([]);
  await other.stop();
});
