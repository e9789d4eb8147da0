import { createWriteStream } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { invalidInput, ParleyError } from '@parley/contracts';
import { Client, escapeIdentifier } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { databaseFault } from '../platform/database-fault.ts';
import { type Frame, writeFrames } from './frames.ts';
import { type BackupTable, migrationsOf, tablesOf } from './tables.ts';

export interface BackupOptions {
  /** Connection string of PostgreSQL. */
  readonly databaseUrl: string;
  readonly file: string;
}

/** What a backup or a restore went over. */
export interface BackupSummary {
  readonly tables: number;
  readonly rows: number;
  /** The database's time of the backup, ISO 8601. */
  readonly at: string;
}

/** What the first frame of a backup says. */
export interface BackupHeader {
  readonly format: 1;
  readonly at: string;
  readonly migrations: readonly string[];
}

/**
 * Writes everything that the database holds, as of one moment, while it is in use. The file is there when it is whole, and can be read by its owner alone.
 * @throws invalid_input when there is a file of this name, unavailable
 */
export async function writeBackup({ databaseUrl, file }: BackupOptions): Promise<BackupSummary> {
  const partial = `${file}.partial`;
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 3_000,
    application_name: 'parley-backup',
    options: '-c timezone=UTC',
  });
  // A connection that breaks fails what waits for it; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const summary = { tables: 0, rows: 0, at: '' };
    // What an earlier one that was killed left.
    await rm(partial, { force: true });
    await pipeline(
      Readable.from(writeFrames(framesOf(client, summary)), { objectMode: false }),
      createGzip({ level: 1 }),
      createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }),
    );
    await client.query('COMMIT');
    await publish(partial, file);
    return summary;
  } catch (error) {
    await rm(partial, { force: true });
    throw databaseFault(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

async function* framesOf(client: Client, summary: Mutable<BackupSummary>): AsyncGenerator<Frame> {
  const { rows } = await client.query<{ at: string }>(`SELECT to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`);
  const migrations = await migrationsOf(client);
  if (migrations.length === 0)
    throw new ParleyError('not_found', 'unable to back up the database; it holds no Parley: correct DATABASE_URL');
  const header: BackupHeader = { format: 1, at: rows[0]?.at ?? '', migrations };
  summary.at = header.at;
  yield { kind: 'H', bytes: json(header) };
  for (const table of await tablesOf(client)) {
    yield { kind: 'T', bytes: json(table) };
    const copy = client.query(copyTo(`COPY ${copied(table)} TO STDOUT`));
    // Without an encoding a stream gives buffers.
    for await (const bytes of copy as AsyncIterable<Buffer>) yield { kind: 'D', bytes };
    yield { kind: 'E', bytes: json({ rows: copy.rowCount }) };
    summary.tables += 1;
    summary.rows += copy.rowCount;
  }
}

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));

/** SQL: the table with its columns, as COPY names them. */
export const copied = ({ name, columns }: BackupTable): string =>
  `${escapeIdentifier(name)} (${columns.map(escapeIdentifier).join(', ')})`;

/** Gives the whole file its name, unless that is taken, so that it is still there after a crash of the machine. */
async function publish(partial: string, file: string): Promise<void> {
  await link(partial, file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw invalidInput('file', `there is a file ${file} already; choose another name`);
    throw error;
  });
  await rm(partial);
  const folder = await open(dirname(file));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
