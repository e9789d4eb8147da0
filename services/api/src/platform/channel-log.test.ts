import { limits, ParleyError } from '@parley/contracts';
import { subjects } from '@parley/contracts/bus';
import { silentLogger } from '@parley/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newApp, openChannel, say } from '../../test/chat.ts';
import { eventually } from '../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../test/ground.ts';
import { patientLog } from '../../test/patient-log.ts';
import { readLog } from '../../test/read-log.ts';
import { createStatementCounter } from '../../test/statements.ts';
import { createChannelLog } from './channel-log.ts';
import { createEventPublisher } from './event-publisher.ts';
import type { Sql } from './sql.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

const channelId = 'messaging:general';

async function channel(): Promise<string> {
  const { appId } = await newApp(node);
  await openChannel(node.db, appId, channelId);
  return appId;
}

const seqs = async (appId: string) => (await readLog(node, appId, channelId, 0, 100)).events.map((event) => event.seq);

describe('a write', () => {
  test('gets the next dense seq and is in the log when the promise resolves', async () => {
    const appId = await channel();
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
    const appId = await channel();
    const seen: number[] = [];
    const watcher = node.bus.subscribe(subjects.channel(appId, channelId), (payload) => {
      for (const event of JSON.parse(payload).events) seen.push(event.seq);
    });
    await watcher.ready;
    await Promise.all(Array.from({ length: 200 }, (_, index) => say(node.log, appId, channelId, `${index}`)));
    await eventually(() => expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index + 1)));
    watcher.unsubscribe();
  });

  test('leaves nothing in the outbox once it is published', async () => {
    const appId = await channel();
    await say(node.log, appId, channelId, 'one');
    await eventually(async () =>
      expect(await node.db.query('SELECT 1 FROM outbox WHERE app_id = $1', [appId])).toEqual([]),
    );
  });

  test('to a channel that does not exist, or was deleted, is not_found', async () => {
    const appId = await channel();
    await expect(say(node.log, appId, 'messaging:none', 'x')).rejects.toMatchObject({ code: 'not_found' });
    await node.log.write(appId, channelId, { run: async (tx) => tx.patch({ deletedAt: tx.at }) });
    await expect(say(node.log, appId, channelId, 'x')).rejects.toMatchObject({ code: 'not_found' });
    expect(await node.log.heads([{ appId, channelId }])).toMatchObject({ heads: [null] });
  });

  test('is never stamped earlier than the event before it', async () => {
    const appId = await channel();
    await say(node.log, appId, channelId, 'one');
    // The clock of the database was put back.
    await node.db.query(`UPDATE channels SET head_at = '2999-01-01T00:00:00Z' WHERE app_id = $1`, [appId]);
    expect((await say(node.log, appId, channelId, 'two')).at).toBe('2999-01-01T00:00:00.000Z');
  });

  test('writes what it changed of the channel, at once visible to the next', async () => {
    const appId = await channel();
    await node.log.write(appId, channelId, {
      run: async (tx) => tx.patch({ name: 'Hall', custom: { a: 1 }, memberCount: 3 }),
    });
    const row = await node.log.write(appId, channelId, { run: async (tx) => tx.channel });
    expect(row).toMatchObject({ name: 'Hall', custom: { a: 1 }, memberCount: 3, seq: 0 });
  });
});

describe('works that share a transaction', () => {
  test('take far fewer commits than there are works', async () => {
    const appId = await channel();
    const log = patientLog(node);
    const sends = () => Promise.all(Array.from({ length: 128 }, (_, index) => say(log, appId, channelId, `${index}`)));
    const { statements } = await createStatementCounter(node.db).during(sends);
    // Not all commits: the jobs of the node make some too.
    expect(statements.filter((text) => text.includes('INSERT INTO outbox')).length).toBeLessThanOrEqual(4);
    await log.close();
    expect(await seqs(appId)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  test('fail each for its own fault only, and leave no hole', async () => {
    const appId = await channel();
    const failing = (before: boolean) =>
      node.log.write(appId, channelId, {
        run: async (tx) => {
          tx.append({ __typename: 'ChannelDeleted', actor: null });
          tx.patch({ name: 'undone' });
          if (!before) await tx.sql.query(`INSERT INTO users (app_id, user_id) VALUES ($1, 'ghost')`, [appId]);
          throw new ParleyError('conflict', 'unable to do it; not today');
        },
      });
    const broken = node.log.write(appId, channelId, { run: (tx) => tx.sql.query('SELECT 1 / 0') });
    const results = await Promise.allSettled([
      say(node.log, appId, channelId, 'one'),
      say(node.log, appId, channelId, 'two'),
      failing(true),
      say(node.log, appId, channelId, 'three'),
      failing(false),
      broken,
      say(node.log, appId, channelId, 'four'),
    ]);
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(await seqs(appId)).toEqual([1, 2, 3, 4]);
    expect(await node.log.write(appId, channelId, { run: async (tx) => tx.channel })).toMatchObject({
      name: null,
      seq: 4,
    });
    expect(await node.db.query(`SELECT 1 FROM users WHERE app_id = $1 AND user_id = 'ghost'`, [appId])).toEqual([]);
    expect(await node.db.query('SELECT count(*)::int AS n FROM messages WHERE app_id = $1', [appId])).toEqual([
      { n: 4 },
    ]);
  });

  test('that fail before they wrote leave nothing of what they appended', async () => {
    const appId = await channel();
    const failing = () =>
      node.log.write(appId, channelId, {
        run: async (tx) => {
          tx.append({ __typename: 'ChannelDeleted', actor: null });
          tx.patch({ name: 'undone' });
          throw new ParleyError('conflict', 'unable to do it; not today');
        },
      });
    const results = await Promise.allSettled([
      failing(),
      say(node.log, appId, channelId, 'one'),
      failing(),
      say(node.log, appId, channelId, 'two'),
    ]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
    const { events } = await readLog(node, appId, channelId, 0, 10);
    expect(events.map((event) => event.__typename)).toEqual(['MessageCreated', 'MessageCreated']);
    expect(await node.log.write(appId, channelId, { run: async (tx) => tx.channel })).toMatchObject({
      name: null,
      seq: 2,
    });
  });

  test('whose event no bus message could hold are refused alone, so that nobody gets stuck behind it', async () => {
    const appId = await channel();
    const results = await Promise.allSettled([
      say(node.log, appId, channelId, 'one'),
      say(node.log, appId, channelId, 'ä'.repeat(limits.eventBytes / 2)),
      say(node.log, appId, channelId, 'two'),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'payload_too_large', details: { limit: limits.eventBytes } } });
    expect(await seqs(appId)).toEqual([1, 2]);
  });

  test('after one that deletes the channel are refused, and what came before stays', async () => {
    const appId = await channel();
    const results = await Promise.allSettled([
      say(node.log, appId, channelId, 'first'),
      say(node.log, appId, channelId, 'second'),
      node.log.write(appId, channelId, {
        run: async (tx) => {
          tx.append({ __typename: 'ChannelDeleted', actor: null });
          tx.patch({ deletedAt: tx.at });
        },
      }),
      say(node.log, appId, channelId, 'too late'),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(await seqs(appId)).toEqual([1, 2, 3]);
  });

  test('on several nodes at once give one dense log', async () => {
    const appId = await channel();
    const other = await ground.node();
    const logs = [patientLog(node), patientLog(other)] as const;
    const sends = Array.from({ length: 120 }, (_, index) =>
      say(index % 2 === 0 ? logs[0] : logs[1], appId, channelId, `${index}`),
    );
    const given = (await Promise.all(sends)).map((event) => event.seq);
    expect(given.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    const { events } = await readLog(node, appId, channelId, 0, 100);
    const times = events.map((event) => event.at);
    expect(times).toEqual(times.toSorted());
    for (const log of logs) await log.close();
    await other.stop();
  });
});

describe('a channel that cannot be written to for a while', () => {
  /** A log with bounds of its own, whose first write goes on only when the test says so. */
  async function heldLog(bounds: { readonly patienceMs?: number; readonly commandsWaitingInAll?: number }) {
    const appId = await channel();
    const publisher = createEventPublisher({
      bus: node.bus,
      sql: node.db,
      logger: silentLogger(),
      epoch: node.epoch,
    });
    const log = createChannelLog({ db: node.db, publisher, stall: node.stall, ...bounds });
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const first = log.write(appId, channelId, {
      run: async () => {
        start();
        await held;
      },
    });
    await started;
    return { appId, log, first, letGo };
  }

  test('writes nothing for a request that was let in before the node stood still', async () => {
    const appId = await channel();
    const publisher = createEventPublisher({
      bus: node.bus,
      sql: node.db,
      logger: silentLogger(),
      epoch: node.epoch,
    });
    let stands = true;
    const stall = {
      admit() {
        if (stands) throw new ParleyError('unavailable', 'unable to go on; this node stood still');
      },
    };
    const log = createChannelLog({ db: node.db, publisher, stall });
    await expect(say(log, appId, channelId, 'old')).rejects.toMatchObject({ code: 'unavailable' });
    const insert = (sql: Sql) => openChannel(sql, appId, 'messaging:new');
    await expect(
      log.write(appId, 'messaging:new', { prepare: insert, run: async () => undefined }),
    ).rejects.toMatchObject({
      code: 'unavailable',
    });
    stands = false;
    await say(log, appId, channelId, 'new');
    expect(await seqs(appId)).toEqual([1]);
    expect(await node.db.query('SELECT channel_id FROM channels WHERE app_id = $1', [appId])).toHaveLength(1);
    await log.close();
  });

  test('refuses what has waited for too long, instead of writing it long after its sender gave up', async () => {
    const { appId, log, first, letGo } = await heldLog({ patienceMs: 30 });
    const stale = say(log, appId, channelId, 'stale');
    const refused = expect(stale).rejects.toMatchObject({ code: 'unavailable', details: { retryAfterMs: 1_000 } });
    const since = performance.now();
    await eventually(() => expect(performance.now() - since).toBeGreaterThan(30));
    const fresh = say(log, appId, channelId, 'fresh');
    letGo();
    await Promise.all([first, refused]);
    expect((await fresh).message.text).toBe('fresh');
    expect(await seqs(appId)).toEqual([1]);
    await log.close();
  });

  test('keeps a bounded number waiting over all channels, and takes new ones when those are done', async () => {
    const { appId, log, first, letGo } = await heldLog({ commandsWaitingInAll: 2 });
    const waiting = [say(log, appId, channelId, 'one'), say(log, appId, channelId, 'two')];
    await expect(say(log, appId, channelId, 'three')).rejects.toMatchObject({ code: 'unavailable' });
    await openChannel(node.db, appId, 'messaging:other');
    await expect(say(log, appId, 'messaging:other', 'elsewhere')).rejects.toMatchObject({ code: 'unavailable' });
    letGo();
    await Promise.all([first, ...waiting]);
    expect((await say(log, appId, channelId, 'four')).seq).toBe(3);
    await log.close();
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
    const appId = await channel();
    await Promise.all(Array.from({ length: 25 }, (_, index) => say(node.log, appId, channelId, `${index}`)));
    const first = await readLog(node, appId, channelId, 0, 10);
    const second = await readLog(node, appId, channelId, 10, 10);
    const third = await readLog(node, appId, channelId, 20, 10);
    const all = [first, second, third].flatMap((page) => page.events.map((event) => event.seq));
    expect(all).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    expect(await readLog(node, appId, channelId, 25, 10)).toMatchObject({ head: 25, floor: 0, events: [] });
  });

  test('cuts a page by bytes, but never to nothing', async () => {
    const appId = await channel();
    const long = 'x'.repeat(250_000);
    await Promise.all([1, 2, 3].map(() => say(node.log, appId, channelId, long)));
    expect((await readLog(node, appId, channelId, 0, 100)).events.map((event) => event.seq)).toEqual([1, 2]);
    await say(node.log, appId, channelId, 'y'.repeat(700_000));
    expect((await readLog(node, appId, channelId, 3, 100)).events.map((event) => event.seq)).toEqual([4]);
  });

  test('tells heads in the order asked for', async () => {
    const appId = await channel();
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
    const appId = await channel();
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
  const appId = await channel();
  const sends = Array.from({ length: 70 }, (_, index) => say(other.log, appId, channelId, `${index}`));
  const closed = other.log.close();
  await expect(say(other.log, appId, channelId, 'late')).rejects.toMatchObject({ code: 'unavailable' });
  await Promise.all(sends);
  await closed;
  expect(await other.db.query('SELECT 1 FROM outbox WHERE app_id = $1', [appId])).toEqual([]);
  await other.stop();
});
