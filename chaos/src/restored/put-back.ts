import { setTimeout as delay } from 'node:timers/promises';
import { restoreBackup } from '@parley/api/administration';
import { uniqueId } from '@parley/testkit';
import { Client, escapeIdentifier } from 'pg';

const tries = 100;

/** Restores the backup into a database of its own and gives that the name of the one that is in use, whose connections all end. */
export async function putBack(databaseUrl: string, file: string): Promise<void> {
  const used = new URL(databaseUrl);
  const name = decodeURIComponent(used.pathname.slice(1));
  const fresh = uniqueId('restored').replaceAll('-', '_');
  const gone = `${fresh}_gone`;
  const urlOf = (database: string): string => {
    const url = new URL(used);
    url.pathname = `/${encodeURIComponent(database)}`;
    return url.href;
  };
  const rename = (from: string, to: string) =>
    `ALTER DATABASE ${escapeIdentifier(from)} RENAME TO ${escapeIdentifier(to)}`;
  const admin = new Client({ connectionString: urlOf('postgres') });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${escapeIdentifier(fresh)}`);
    await restoreBackup({ databaseUrl: urlOf(fresh), file });
    await whenUnused(admin, name, rename(name, gone));
    await whenUnused(admin, fresh, rename(fresh, name));
    await admin.query(`DROP DATABASE ${escapeIdentifier(gone)} WITH (FORCE)`);
  } finally {
    await admin.end();
  }
}

/** Nodes connect again as fast as they can, so it may take some tries. */
async function whenUnused(admin: Client, name: string, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    try {
      await admin.query(statement);
      return;
    } catch (error) {
      if (attempt === tries) throw error;
      await delay(20);
    }
  }
}
