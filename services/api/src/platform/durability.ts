import { ParleyError } from '@parley/contracts';
import type { Sql } from './sql.ts';

const oldestVersion = 140_000;

/** Without any of these, a commit that was acknowledged can be gone after a crash of the server. */
const durable = ['fsync', 'full_page_writes', 'synchronous_commit'];

/**
 * Refuses a server that is too old, and outside tests one that may lose what it acknowledged.
 * @throws unavailable, with the setting and the cure
 */
export async function checkDurability(sql: Sql, testMode: boolean): Promise<void> {
  const rows = await sql.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name = 'server_version_num' OR name = ANY ($1)`,
    [durable],
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  if (Number(settings.get('server_version_num')) < oldestVersion)
    throw new ParleyError('unavailable', 'unable to use this database; PostgreSQL 14 or newer is needed');
  if (testMode) return;
  const off = durable.filter((name) => settings.get(name) === 'off');
  if (off.length === 0) return;
  const cure = off.map((name) => `${name} = on`).join(', ');
  throw new ParleyError(
    'unavailable',
    `unable to use this database; a crash of it could lose acknowledged messages, set ${cure}`,
  );
}
