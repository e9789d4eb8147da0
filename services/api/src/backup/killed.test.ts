import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '@parley/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { newApp, openChannel, say } from '../../test/chat.ts';
import { createGround, type Ground, type Node } from '../../test/ground.ts';
import { migrate } from '../platform/migrate.ts';
import { restoreBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

let ground: Ground;
let node: Node;
let folder: string;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
  folder = await mkdtemp(join(tmpdir(), 'parley-killed-'));
  const { appId } = await newApp(node);
  await openChannel(node.db, appId, 'messaging:general', ['ada']);
  await say(node.log, appId, 'messaging:general', 'one');
});
afterAll(async () => {
  await ground.close();
  await rm(folder, { recursive: true, force: true });
});

const program = fileURLToPath(new URL('run.fixture.ts', import.meta.url));

/** Runs it in a process of its own, and kills that with -9 when the database says that it is in the middle. */
async function killInTheMiddle(what: 'backup' | 'restore', url: string, file: string, observer: Client): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=@parley/source', program, what, url, file], {
    stdio: 'inherit',
  });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  await vi.waitFor(async () => {
    const { rows } = await observer.query(
      `SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database() AND (wait_event_type = 'Lock' OR wait_event = 'PgSleep')`,
      [`parley-${what}`],
    );
    expect(rows).toHaveLength(1);
  }, 20_000);
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end().catch(() => undefined));
  return client;
}

test('a backup that is killed with -9 leaves nothing that looks whole, and is no hindrance to the next', async () => {
  const [holder, observer] = [await connected(ground.url), await connected(ground.url)];
  const file = join(folder, 'killed.backup');
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE messages IN ACCESS EXCLUSIVE MODE');
  await killInTheMiddle('backup', ground.url, file, observer);
  await holder.query('COMMIT');
  expect(await readdir(folder)).toEqual(['killed.backup.partial']);
  const target = await createDatabase();
  onTestFinished(() => target.drop());
  await expect(restoreBackup({ databaseUrl: target.url, file: `${file}.partial` })).rejects.toThrow('it is cut short');
  await writeBackup({ databaseUrl: ground.url, file });
  expect(await readdir(folder)).toEqual(['killed.backup']);
}, 40_000);

test('a restore that is killed with -9 leaves no row, and can be repeated', async () => {
  const file = join(folder, 'whole.backup');
  await writeBackup({ databaseUrl: ground.url, file });
  const target = await createDatabase();
  onTestFinished(() => target.drop());
  await migrate(target.url);
  const observer = await connected(target.url);
  await observer.query(
    `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END'`,
  );
  await observer.query('CREATE TRIGGER slow BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION slow()');
  await killInTheMiddle('restore', target.url, file, observer);
  // The server ends what it was told before it looks for its client.
  await observer.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parley-restore'`,
  );
  const left = () =>
    observer
      .query<{ n: number }>(
        'SELECT ((SELECT count(*) FROM users) + (SELECT count(*) FROM apps) + (SELECT count(*) FROM messages))::int AS n',
      )
      .then(({ rows }) => rows[0]?.n);
  expect(await left()).toBe(0);
  await observer.query('DROP TRIGGER slow ON messages');
  await restoreBackup({ databaseUrl: target.url, file });
  expect(await left()).toBeGreaterThan(2);
}, 40_000);
