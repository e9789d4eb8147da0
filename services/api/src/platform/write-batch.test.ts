import { limits, ParleyError } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { say } from '../../test/chat.ts';
import { channelId, openGeneralChannel, seqsOf } from '../../test/general-channel.ts';
import { createGround, type Ground, type Node } from '../../test/ground.ts';
import { patientLog } from '../../test/patient-log.ts';
import { readLog } from '../../test/read-log.ts';
import { createStatementCounter } from '../../test/statements.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

describe('commands that share a transaction', () => {
  test('take far fewer commits than there are commands', async () => {
    const appId = await openGeneralChannel(node);
    const log = patientLog(node);
    const sends = () => Promise.all(Array.from({ length: 128 }, (_, index) => say(log, appId, channelId, `${index}`)));
    const { statements } = await createStatementCounter(node.db).during(sends);
    // Not all commits: the jobs of the node make some too.
    expect(statements.filter((text) => text.includes('INSERT INTO outbox')).length).toBeLessThanOrEqual(4);
    await log.close();
    expect(await seqsOf(node, appId)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  test('fail each for its own fault only, and leave no hole', async () => {
    const appId = await openGeneralChannel(node);
    const failing = (before: boolean) =>
      node.log.write(appId, channelId, {
        run: async (tx) => {
          tx.append({ __typename: 'ChannelDeleted', actor: null });
          tx.patch({ name: 'never' });
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
    expect(await seqsOf(node, appId)).toEqual([1, 2, 3, 4]);
    expect(await node.log.write(appId, channelId, { run: async (tx) => tx.channel })).toMatchObject({
      name: null,
      seq: 4,
    });
    expect(await node.db.query(`SELECT 1 FROM users WHERE app_id = $1 AND user_id = 'ghost'`, [appId])).toEqual([]);
    expect(await node.db.query('SELECT count(*)::int AS n FROM messages WHERE app_id = $1', [appId])).toEqual([
      { n: 4 },
    ]);
  });

  test.each(['before', 'after'] as const)(
    'do not fail because something that one of them asked %s its statements is unavailable',
    async (when) => {
      const appId = await openGeneralChannel(node);
      const failing = node.log.write(appId, channelId, {
        run: async (tx) => {
          if (when === 'after') await tx.sql.query('SELECT 1');
          throw new ParleyError('unavailable', 'unable to ask the scanner; it is away');
        },
      });
      const results = await Promise.allSettled([
        say(node.log, appId, channelId, 'one'),
        failing,
        say(node.log, appId, channelId, 'two'),
      ]);
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(results[1]).toMatchObject({ reason: { message: 'unable to ask the scanner; it is away' } });
      expect(await seqsOf(node, appId)).toEqual([1, 2]);
    },
  );

  test('do not fail because one of them waited too long for a row that somebody else holds', async () => {
    const appId = await openGeneralChannel(node);
    await node.db.query(`INSERT INTO users (app_id, user_id) VALUES ($1, 'held')`, [appId]);
    const holding = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const holder = node.db.transaction(async (sql) => {
      await sql.query(`SELECT 1 FROM users WHERE app_id = $1 AND user_id = 'held' FOR UPDATE`, [appId]);
      holding.resolve();
      await release.promise;
    });
    await holding.promise;
    const results = await Promise.allSettled([
      say(node.log, appId, channelId, 'one'),
      node.log.write(appId, channelId, {
        run: async (tx) => {
          await tx.sql.query(`SET LOCAL lock_timeout = '50ms'`);
          await tx.sql.query(`UPDATE users SET name = 'x' WHERE app_id = $1 AND user_id = 'held'`, [appId]);
        },
      }),
      say(node.log, appId, channelId, 'two'),
    ]);
    release.resolve();
    await holder;
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'unavailable' } });
    expect(await seqsOf(node, appId)).toEqual([1, 2]);
  });

  test('that fail before they wrote leave nothing of what they appended', async () => {
    const appId = await openGeneralChannel(node);
    const failing = () =>
      node.log.write(appId, channelId, {
        run: async (tx) => {
          tx.append({ __typename: 'ChannelDeleted', actor: null });
          tx.patch({ name: 'never' });
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
    const appId = await openGeneralChannel(node);
    const results = await Promise.allSettled([
      say(node.log, appId, channelId, 'one'),
      say(node.log, appId, channelId, 'ä'.repeat(limits.eventBytes / 2)),
      say(node.log, appId, channelId, 'two'),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'payload_too_large', details: { limit: limits.eventBytes } } });
    expect(await seqsOf(node, appId)).toEqual([1, 2]);
  });

  test('after one that deletes the channel are refused, and what came before stays', async () => {
    const appId = await openGeneralChannel(node);
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
    expect(await seqsOf(node, appId)).toEqual([1, 2, 3]);
  });

  test('on several nodes at once give one dense log', async () => {
    const appId = await openGeneralChannel(node);
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
