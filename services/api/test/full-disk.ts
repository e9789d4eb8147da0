import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, templateDatabase } from '@parley/testkit';
import { Client } from 'pg';
import { migrate } from '../src/platform/migrate.ts';

/** A database on a file system of its own, that can be filled to the last byte. */
export interface SmallDisk {
  readonly databaseUrl: string;
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  remove(): Promise<void>;
}

/** Only root of a Linux may mount one. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

const size = '48m';

export async function createSmallDisk(): Promise<SmallDisk> {
  const template = await templateDatabase('api', migrate);
  const beside = await createDatabase();
  const admin = new Client({ connectionString: beside.url });
  await admin.connect();
  const { rows } = await admin.query<{ data_directory: string }>('SHOW data_directory');
  const { uid, gid } = statSync(rows[0]?.data_directory ?? '/');
  const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},uid=${uid},gid=${gid},mode=700`, 'tmpfs', folder]);
  const name = `small_${randomBytes(8).toString('hex')}`;
  await admin.query(`CREATE TABLESPACE ${name} LOCATION '${folder}'`);
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} TABLESPACE ${name}`);
  const url = new URL(beside.url);
  url.pathname = `/${name}`;
  const filler = join(folder, 'filler');
  return {
    databaseUrl: url.href,
    async fill() {
      // Ends in ENOSPC, which is the point.
      await writeFile(filler, Buffer.alloc(64 * 1024 * 1024)).catch(() => undefined);
    },
    makeRoom: () => rm(filler),
    async remove() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.query(`DROP TABLESPACE ${name}`);
      await admin.end();
      await beside.drop();
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}
