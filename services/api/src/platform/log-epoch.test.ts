import { defaultAppSettings } from '@parley/contracts';
import { silentLogger } from '@parley/service-kit';
import { createDatabase } from '@parley/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newApp, openChannel, say } from '../../test/chat.ts';
import { eventually } from '../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../test/ground.ts';
import { readLog } from '../../test/read-log.ts';
import { inboxCursor } from '../modules/inbox/cursor.ts';
import { openDb } from './db.ts';
import { beginEpoch, readEpoch } from './log-epoch.ts';
import { migrate } from './migrate.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

const channelId = 'messaging:general';

test('all nodes of a database know the same epoch, from their first connection on', async () => {
  const other = await ground.node();
  expect(node.epoch.current).toMatch(/^[0-9a-f]{16}$/);
  expect(other.epoch.current).toBe(node.epoch.current);
  expect(await readEpoch(node.db)).toBe(node.epoch.current);
  await other.stop();
});

test('one that is begun by hand is in the next answer, and soon known to every node', async () => {
  const { appId } = await newApp(node);
  await openChannel(node.db, appId, channelId);
  await say(node.log, appId, channelId, 'one');
  const before = node.epoch.current;
  const begun = await beginEpoch(node.db);
  expect(begun).not.toBe(before);
  expect(await readLog(node, appId, channelId, 0, 10)).toMatchObject({ epoch: begun, head: 1 });
  expect(await node.log.heads([{ appId, channelId }])).toEqual({ epoch: begun, heads: [1] });
  expect(await node.log.heads([])).toEqual({ epoch: begun, heads: [] });
  await eventually(() => expect(node.epoch.current).toBe(begun));
  expect(await beginEpoch(node.db)).not.toBe(begun);
});

test('needs no more rights than those to the tables', async () => {
  await node.db
    .transaction(async (sql) => {
      await sql.query('CREATE ROLE parley_plain NOLOGIN');
      await sql.query('GRANT SELECT ON log_epoch TO parley_plain');
      await sql.query('SET LOCAL ROLE parley_plain');
      expect(await readEpoch(sql)).toMatch(/^[0-9a-f]{16}$/);
      throw new Error('roles are of the whole server: this one is not kept');
    })
    .catch((error: Error) => expect(error.message).toContain('is not kept'));
});

test('a copy of the database elsewhere has another epoch, though every row is the same', async () => {
  const copy = await createDatabase();
  await migrate(copy.url);
  const db = await openDb({ url: copy.url, logger: silentLogger(), testMode: true, poolSize: 2 });
  const [row] = await node.db.query<{ epoch: string }>('SELECT epoch::text FROM log_epoch');
  await db.query('UPDATE log_epoch SET epoch = $1', [row?.epoch]);
  expect(await readEpoch(db)).not.toBe(await readEpoch(node.db));
  await db.close();
  await copy.drop();
});

test('an inbox cursor of another epoch brings everything, one of this epoch what changed', async () => {
  const { appId } = await newApp(node);
  await openChannel(node.db, appId, channelId, ['ada']);
  await node.db.query(
    `UPDATE members SET updated_at = now() - interval '1 day', created_at = now() - interval '1 day' WHERE app_id = $1`,
    [appId],
  );
  await node.db.query(`UPDATE channels SET updated_at = now() - interval '1 day' WHERE app_id = $1`, [appId]);
  const [{ at } = { at: '' }] = await node.db.query<{ at: string }>('SELECT now()::timestamptz(3) AS at');
  const principal = { appId, keyId: 'k', scope: 'user', userId: 'ada', issuedAt: 0, expiresAt: 0 } as const;
  const actor = {
    kind: 'user',
    appId,
    userId: 'ada',
    role: 'user',
    asServer: false,
    principal,
    settings: defaultAppSettings,
  } as const;
  const open = async (epoch: string) => {
    const [page] = await node.inbox.openMany([{ actor, after: inboxCursor(at, epoch), page: null }]);
    if (page === undefined || page instanceof Error) throw new Error('the inbox was refused', { cause: page });
    return page.events.map(({ __typename }) => __typename);
  };
  expect(await open(node.epoch.current)).toEqual(['UnreadChanged', 'InboxSynced']);
  expect(await open('another')).toEqual(['ChannelJoined', 'ChannelBumped', 'UnreadChanged', 'InboxSynced']);
});
