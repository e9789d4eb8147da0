import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '@parley/testkit';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { newApp, openChannel } from '../../test/chat.ts';
import { createGround } from '../../test/ground.ts';
import { restoreBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

test('a user and a channel of one id from before that was refused are restored, and others are refused again', async () => {
  const [ground, target] = [await createGround(), await createDatabase()];
  const folder = await mkdtemp(join(tmpdir(), 'parley-shared-ids-'));
  const client = new Client({ connectionString: target.url });
  onTestFinished(async () => {
    await client.end();
    await target.drop();
    await ground.close();
    await rm(folder, { recursive: true, force: true });
  });
  const node = await ground.node();
  const { db } = node;
  const { appId } = await newApp(node);
  const channelId = 'messaging:general';
  const collide = `INSERT INTO users (app_id, user_id) VALUES ('${appId}', $1)`;
  await openChannel(db, appId, channelId, ['ada']);
  await db.query('ALTER TABLE users DISABLE TRIGGER id_of_its_own');
  await db.query(collide, [channelId]);
  const file = join(folder, 'shared.backup');
  await writeBackup({ databaseUrl: ground.url, file });
  await restoreBackup({ databaseUrl: target.url, file });
  await client.connect();
  const { rows } = await client.query('SELECT user_id AS id FROM users WHERE app_id = $1 ORDER BY 1', [appId]);
  expect(rows).toEqual([{ id: 'ada' }, { id: channelId }]);
  await expect(client.query(collide, [appId])).rejects.toThrow('the id is that of another object');
});
