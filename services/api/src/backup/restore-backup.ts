import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ParleyError } from '@parley/contracts';
import { Client, escapeIdentifier } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { z } from 'zod';
import { migrationNames } from '../migrations/index.ts';
import { databaseFault } from '../platform/database-fault.ts';
import { migrate } from '../platform/migrate.ts';
import { damaged, type Frame, readFrames } from './frames.ts';
import { type BackupTable, migrationsOf, tablesOf } from './tables.ts';
import { type BackupOptions, type BackupSummary, copied } from './write-backup.ts';

const header = z.object({ format: z.literal(1), at: z.string(), migrations: z.array(z.string()) });
const table = z.object({ name: z.string(), columns: z.array(z.string()).min(1) });
const tableEnd = z.object({ rows: z.int() });

const refused = (why: string) => new ParleyError('conflict', `unable to restore; ${why}`);

/**
 * Fills an empty database from a backup, in one transaction, and begins a new epoch of the log. The file is read to its end before anything is written. A
 * backup of an older version is brought to the schema of this one.
 * @throws invalid_input (the file is cut short, altered or none of ours), conflict (the database is not empty, or the backup is of a newer version),
 * unavailable
 */
export async function restoreBackup({ databaseUrl, file }: BackupOptions): Promise<BackupSummary> {
  const { migrations, at } = await verified(file);
  const unknown = migrations.find((name) => !migrationNames.includes(name));
  if (unknown !== undefined)
    throw refused(`the backup is of a newer version of Parley, which has ${unknown}: update Parley first`);
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 3_000,
    application_name: 'parley-restore',
  });
  // A connection that breaks fails what waits for it; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await refuseUnlessEmpty(client, migrations);
    await migrate(databaseUrl, migrations);
    await client.query('BEGIN');
    const tables = await tablesOf(client);
    // Whoever would write meanwhile waits, and finds all of it or nothing.
    await client.query(`LOCK TABLE ${tables.map(({ name }) => escapeIdentifier(name)).join(', ')}`);
    await refuseUnlessEmpty(client, migrations);
    const rows = await withoutIdCheck(client, () => load(client, file, tables));
    await beginEpoch(client);
    await client.query('COMMIT');
    await migrate(databaseUrl);
    await client.query('ANALYZE');
    return { tables: tables.length, rows, at };
  } catch (error) {
    throw databaseFault(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Reads the file to its end, and what it begins with. @throws invalid_input */
async function verified(file: string): Promise<z.output<typeof header>> {
  let found: z.output<typeof header> | undefined;
  for await (const frame of readFrames(file)) {
    if (found === undefined && frame.kind !== 'H') throw damaged('it is no backup of Parley');
    if (frame.kind === 'H') found = parsed(header, frame);
  }
  if (found === undefined) throw damaged('it is no backup of Parley');
  return found;
}

function parsed<T>(schema: z.ZodType<T>, { bytes }: Frame): T {
  try {
    return schema.parse(JSON.parse(bytes.toString()));
  } catch (error) {
    throw damaged('this version of Parley does not understand it', error);
  }
}

/** A schema without a row will do, as a restore leaves it that was killed: but no newer one than that of the backup. */
async function refuseUnlessEmpty(client: Client, migrations: readonly string[]): Promise<void> {
  const applied = await migrationsOf(client);
  const newer = applied.find((name) => !migrations.includes(name));
  if (newer !== undefined)
    throw refused('the database has a newer schema than the backup; make a new database and restore into that');
  for (const { name } of await tablesOf(client)) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${escapeIdentifier(name)} LIMIT 1`);
    if (rowCount !== 0 || applied.length === 0)
      throw refused(`the database is not empty, there is ${name}; make a new database and restore into that`);
  }
}

/** What was stored is restored as it was, also a user and a channel of one id from before that was refused. An older schema has no such check. */
async function withoutIdCheck<T>(client: Client, work: () => Promise<T>): Promise<T> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM pg_trigger WHERE tgrelid = 'public.users'::regclass AND tgname = 'id_of_its_own'`,
  );
  if (rowCount === 0) return await work();
  await client.query('ALTER TABLE users DISABLE TRIGGER id_of_its_own');
  const value = await work();
  await client.query('ALTER TABLE users ENABLE TRIGGER id_of_its_own');
  return value;
}

/** Resolves with the count of rows. */
async function load(client: Client, file: string, tables: readonly BackupTable[]): Promise<number> {
  const waiting = new Map(tables.map((one) => [one.name, one.columns]));
  const frames = readFrames(file);
  let total = 0;
  try {
    for (let next = await frames.next(); next.done !== true; next = await frames.next()) {
      if (next.value.kind !== 'T') continue;
      const { name, columns } = parsed(table, next.value);
      const known = waiting.get(name);
      if (known === undefined || columns.some((column) => !known.includes(column)))
        throw refused(
          `the database has no table ${name} like that of the backup; restore with the version that wrote it`,
        );
      waiting.delete(name);
      total += await loadTable(client, { name, columns }, frames);
    }
  } finally {
    await frames.return(undefined);
  }
  const [missing] = waiting.keys();
  if (missing !== undefined) throw damaged(`it has no table ${missing}`);
  return total;
}

async function loadTable(client: Client, own: BackupTable, frames: AsyncGenerator<Frame>): Promise<number> {
  let rows = -1;
  async function* data(): AsyncGenerator<Buffer> {
    for (let next = await frames.next(); next.done !== true; next = await frames.next()) {
      if (next.value.kind === 'D') yield next.value.bytes;
      else {
        rows = parsed(tableEnd, next.value).rows;
        return;
      }
    }
  }
  const copy = client.query(copyFrom(`COPY ${copied(own)} FROM STDIN`));
  await pipeline(Readable.from(data(), { objectMode: false }), copy);
  if (copy.rowCount !== rows) throw damaged('it has other rows than it says');
  return rows;
}

/** Where the backup is older than the table of epochs, the migration that makes that begins one. */
async function beginEpoch(client: Client): Promise<void> {
  const { rows } = await client.query<{ has: boolean }>(`SELECT to_regclass('public.log_epoch') IS NOT NULL AS has`);
  if (rows[0]?.has === true)
    await client.query(
      `INSERT INTO log_epoch DEFAULT VALUES ON CONFLICT (only_row) DO UPDATE SET epoch = gen_random_uuid(), begun_at = now()`,
    );
}
