import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createDatabase, type TestDatabase } from '@parley/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { newApp, openChannel, say } from '../../test/chat.ts';
import { createGround, type Ground, type Node } from '../../test/ground.ts';
import { migrationNames } from '../migrations/index.ts';
import { readEpoch } from '../platform/log-epoch.ts';
import { migrate } from '../platform/migrate.ts';
import { restoreBackup } from './restore-backup.ts';
import { tablesOf } from './tables.ts';
import { writeBackup } from './write-backup.ts';

let ground: Ground;
let node: Node;
let folder: string;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
  folder = await mkdtemp(join(tmpdir(), 'parley-backup-'));
});
afterAll(async () => {
  await ground.close();
  await rm(folder, { recursive: true, force: true });
});

const channelId = 'messaging:general';
let files = 0;
const newFile = () => {
  files += 1;
  return join(folder, `${files}.backup`);
};

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end().catch(() => undefined));
  return client;
}

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  return database;
}

/** Every row of every table, in an order of its own. */
async function contentOf(url: string): Promise<Record<string, unknown[]>> {
  const client = await connected(url);
  const content: Record<string, unknown[]> = {};
  for (const { name } of await tablesOf(client)) {
    const { rows } = await client.query(`SELECT to_jsonb(t) AS row FROM ${name} t ORDER BY t::text`);
    content[name] = rows;
  }
  return content;
}

const countOf = (content: Record<string, unknown[]>) =>
  Object.values(content).reduce((sum, rows) => sum + rows.length, 0);

async function chat(messages = 3): Promise<string> {
  const { appId } = await newApp(node);
  await openChannel(node.db, appId, channelId, ['ada', 'bob']);
  for (let count = 1; count <= messages; count += 1)
    await say(node.log, appId, channelId, `line ${count}\\ with\ttabs\nand \u0001`);
  return appId;
}

test('what was backed up is there after a restore, row by row, in another epoch', async () => {
  await chat();
  const file = newFile();
  const backup = await writeBackup({ databaseUrl: ground.url, file });
  const before = await contentOf(ground.url);
  const target = await emptyDatabase();
  const restored = await restoreBackup({ databaseUrl: target.url, file });
  const after = await contentOf(target.url);
  // Published meanwhile, or not.
  const { outbox: _a, ...held } = before;
  const { outbox: _b, ...found } = after;
  expect(found).toEqual(held);
  expect(restored).toEqual(backup);
  expect(restored.rows).toBe(countOf(after));
  expect(backup.tables).toBe(Object.keys(before).length);
  const client = await connected(target.url);
  const sql = { query: async <Row>(text: string) => (await client.query(text)).rows as Row[] };
  expect(await readEpoch(sql)).not.toBe(await readEpoch(node.db));
  const { rows } = await client.query('SELECT epoch FROM log_epoch');
  expect(rows).not.toEqual(await node.db.query('SELECT epoch FROM log_epoch'));
});

test('a backup is of one moment, whatever is written meanwhile', async () => {
  const appId = await chat(1);
  const client = await connected(ground.url);
  // The backup has begun, and waits at a table that comes before that of the messages.
  await client.query('BEGIN');
  await client.query('LOCK TABLE channel_events IN ACCESS EXCLUSIVE MODE');
  const file = newFile();
  const backup = writeBackup({ databaseUrl: ground.url, file });
  await expect
    .poll(async () => {
      const rows = await node.db.query(
        `SELECT 1 FROM pg_stat_activity WHERE application_name = 'parley-backup' AND wait_event_type = 'Lock' AND datname = current_database()`,
      );
      return rows.length;
    })
    .toBe(1);
  await client.query(
    `INSERT INTO messages (app_id, message_id, channel_id, seq, text) VALUES ($1, gen_random_uuid(), $2, 2, 'late')`,
    [appId, channelId],
  );
  await client.query('UPDATE channels SET seq = 2 WHERE app_id = $1', [appId]);
  await client.query('COMMIT');
  await backup;
  const target = await emptyDatabase();
  await restoreBackup({ databaseUrl: target.url, file });
  const restored = await connected(target.url);
  const heads = await restored.query<{ seq: string; n: string }>(
    `SELECT c.seq, (SELECT count(*) FROM messages m WHERE m.app_id = c.app_id) AS n FROM channels c WHERE app_id = $1`,
    [appId],
  );
  expect(heads.rows).toEqual([{ seq: '1', n: '1' }]);
});

describe('a backup', () => {
  test('can be read by its owner alone, and takes no place of another file', async () => {
    const file = newFile();
    await writeBackup({ databaseUrl: ground.url, file });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await expect(writeBackup({ databaseUrl: ground.url, file })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('choose another name'),
    });
    expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  test('whose connection breaks half way leaves no file', async () => {
    const client = await connected(ground.url);
    await client.query('BEGIN');
    await client.query('LOCK TABLE channel_events IN ACCESS EXCLUSIVE MODE');
    const file = newFile();
    const broken = expect(writeBackup({ databaseUrl: ground.url, file })).rejects.toMatchObject({
      code: 'unavailable',
    });
    await expect
      .poll(async () => {
        const rows = await node.db.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parley-backup' AND wait_event_type = 'Lock' AND datname = current_database()`,
        );
        return rows.length;
      })
      .toBe(1);
    await broken;
    await client.query('ROLLBACK');
    expect((await readdir(folder)).filter((name) => file.endsWith(name.replace('.partial', '')))).toEqual([]);
  });
});

describe('a restore', () => {
  const backedUp = async () => {
    await chat(20);
    const file = newFile();
    await writeBackup({ databaseUrl: ground.url, file });
    return file;
  };
  const altered = async (change: (whole: Buffer) => Buffer) => {
    const file = newFile();
    await writeFile(file, change(await readFile(await backedUp())));
    return file;
  };
  const flipped = (bytes: Buffer, at: number) => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };

  test.each<[string, (whole: Buffer) => Buffer, string]>([
    ['cut short', (whole) => whole.subarray(0, whole.length - 20), 'it is cut short'],
    ['cut short, and packed again', (whole) => gzipSync(gunzipSync(whole).subarray(0, -100)), 'it is cut short'],
    ['altered', (whole) => gzipSync(flipped(gunzipSync(whole), gunzipSync(whole).length - 400)), 'it was altered'],
    ['damaged on its way', (whole) => flipped(whole, whole.length - 400), 'unable to read the backup'],
    ['something else', () => Buffer.from('{"hello": "world"}'), 'it is no backup of Parley'],
    ['something else that is packed', () => gzipSync('x'.repeat(100)), 'it was altered'],
    ['empty', () => Buffer.alloc(0), 'it is cut short'],
  ])('refuses a file that is %s, and writes nothing', async (_how, change, why) => {
    const file = await altered(change);
    const target = await emptyDatabase();
    await expect(restoreBackup({ databaseUrl: target.url, file })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(why),
    });
    expect(await contentOf(target.url)).toEqual({});
  });

  test('refuses a file that is not there', async () => {
    const target = await emptyDatabase();
    await expect(restoreBackup({ databaseUrl: target.url, file: newFile() })).rejects.toThrow('there is no such file');
  });

  test('refuses a database that holds anything', async () => {
    const file = await backedUp();
    await expect(restoreBackup({ databaseUrl: ground.url, file })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('the database is not empty'),
    });
    const foreign = await emptyDatabase();
    const client = await connected(foreign.url);
    await client.query('CREATE TABLE other ()');
    await expect(restoreBackup({ databaseUrl: foreign.url, file })).rejects.toThrow('there is other');
  });

  test('refuses a backup of a newer version, and a schema that is newer than the backup', async () => {
    const target = await emptyDatabase();
    const repack = (migrations: readonly string[]) => (whole: Buffer) => {
      const plain = gunzipSync(whole);
      const length = plain.readUInt32BE(1);
      const header = { ...JSON.parse(plain.subarray(5, 5 + length).toString()), migrations };
      return { header, rest: plain.subarray(5 + length) };
    };
    const { writeFrames } = await import('./frames.ts');
    const newer = newFile();
    const { header } = repack([...migrationNames, 'FromTheFuture'])(await readFile(await backedUp()));
    const frames = async function* () {
      yield { kind: 'H' as const, bytes: Buffer.from(JSON.stringify(header)) };
    };
    const parts: Buffer[] = [];
    for await (const bytes of writeFrames(frames())) parts.push(bytes);
    await writeFile(newer, gzipSync(Buffer.concat(parts)));
    await expect(restoreBackup({ databaseUrl: target.url, file: newer })).rejects.toThrow('which has FromTheFuture');

    await migrate(target.url);
    const older = newFile();
    const old = { ...header, migrations: migrationNames.slice(0, 2) };
    const oldParts: Buffer[] = [];
    for await (const bytes of writeFrames(
      (async function* () {
        yield { kind: 'H' as const, bytes: Buffer.from(JSON.stringify(old)) };
      })(),
    ))
      oldParts.push(bytes);
    await writeFile(older, gzipSync(Buffer.concat(oldParts)));
    await expect(restoreBackup({ databaseUrl: target.url, file: older })).rejects.toThrow(
      'a newer schema than the backup',
    );
  });

  test('of a backup of an earlier version ends with the schema of this one', async () => {
    const source = await emptyDatabase();
    const old = migrationNames.slice(0, 3);
    await migrate(source.url, old);
    const writer = await connected(source.url);
    await writer.query(`INSERT INTO organisations (organisation_id, name) VALUES ('o', 'Old')`);
    await writer.query(
      `INSERT INTO apps (app_id, organisation_id, name, environment) VALUES ('a', 'o', 'Old', 'production')`,
    );
    const file = newFile();
    await writeBackup({ databaseUrl: source.url, file });
    const target = await emptyDatabase();
    await restoreBackup({ databaseUrl: target.url, file });
    const client = await connected(target.url);
    const { rows } = await client.query<{ name: string }>('SELECT name FROM parley_migrations ORDER BY id');
    expect(rows.map(({ name }) => name)).toEqual(migrationNames);
    expect((await client.query('SELECT name FROM apps')).rows).toEqual([{ name: 'Old' }]);
  });

  test('that breaks half way leaves no row, and can be repeated', async () => {
    const file = await backedUp();
    const target = await emptyDatabase();
    await migrate(target.url);
    const client = await connected(target.url);
    await client.query(
      `CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END'`,
    );
    await client.query('CREATE TRIGGER die BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION die()');
    await expect(restoreBackup({ databaseUrl: target.url, file })).rejects.toMatchObject({ code: 'unavailable' });
    expect(countOf(await contentOf(target.url))).toBe(0);
    await client.query('DROP TRIGGER die ON messages');
    const { rows } = await restoreBackup({ databaseUrl: target.url, file });
    expect(rows).toBe(countOf(await contentOf(target.url)));
  });
});

test('a backup into a folder that nobody may write to says so', async () => {
  const closed = await mkdtemp(join(tmpdir(), 'parley-closed-'));
  onTestFinished(() => rm(closed, { recursive: true, force: true }));
  await chmod(closed, 0o500);
  const file = join(closed, 'missing', 'a.backup');
  await expect(writeBackup({ databaseUrl: ground.url, file })).rejects.toThrow('missing');
});
