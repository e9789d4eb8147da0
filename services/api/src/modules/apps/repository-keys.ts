import { ParleyError } from '@parley/contracts';
import type { Db } from '../../platform/db.ts';
import type { Sql } from '../../platform/sql.ts';

const mostKeys = 20;
/** Of those that were revoked, the last ones are shown. */
const mostShown = 100;

/** A key as it is stored: its secret is sealed, where the node has a key for that. */
export interface StoredKey {
  readonly appId: string;
  readonly keyId: string;
  readonly secret: string;
  readonly label: string | null;
  readonly lastFour: string;
}

/** What may be shown of a key. */
export interface KeyRecord {
  readonly id: string;
  readonly label: string | null;
  /** The end of its secret, to recognise it by. */
  readonly lastFour: string;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

const shown = `key_id AS id, label, coalesce(last_four, '') AS "lastFour", created_at AS "createdAt", revoked_at AS "revokedAt"`;

/** @throws not_found; invalid_input when the app has as many keys as it may */
export async function insertKey(db: Db, key: StoredKey): Promise<KeyRecord> {
  return await db.transaction(async (sql) => {
    await lockApp(sql, key.appId, 'make a key');
    const [made] = await sql.query<KeyRecord>(
      `INSERT INTO api_keys (app_id, key_id, secret, label, last_four) SELECT $1, $2, $3, $4, $5
        WHERE (SELECT count(*) FROM api_keys WHERE app_id = $1 AND revoked_at IS NULL) < ${mostKeys} RETURNING ${shown}`,
      [key.appId, key.keyId, key.secret, key.label, key.lastFour],
    );
    if (made !== undefined) return made;
    throw new ParleyError('invalid_input', `unable to make a key; an app has up to ${mostKeys}, revoke one first`, {
      limit: mostKeys,
    });
  });
}

/** The app's row as a lock: what counts keys is done one after the other. */
async function lockApp(sql: Sql, appId: string, action: string): Promise<void> {
  const [app] = await sql.query('SELECT 1 FROM apps WHERE app_id = $1 FOR UPDATE', [appId]);
  if (app === undefined) throw new ParleyError('not_found', `unable to ${action}; there is no app ${appId}`);
}

/** Valid ones first, then newest first. */
export async function listKeys(sql: Sql, appId: string): Promise<KeyRecord[]> {
  return await sql.query<KeyRecord>(
    `SELECT ${shown} FROM api_keys WHERE app_id = $1
      ORDER BY revoked_at IS NOT NULL, created_at DESC, key_id LIMIT ${mostShown}`,
    [appId],
  );
}

/** Of the valid ones, newest first: what is stored of their secrets. */
export async function storedSecrets(sql: Sql, appId: string): Promise<{ keyId: string; secret: string }[]> {
  return await sql.query(
    `SELECT key_id AS "keyId", secret FROM api_keys WHERE app_id = $1 AND revoked_at IS NULL
      ORDER BY created_at DESC, key_id LIMIT ${mostKeys}`,
    [appId],
  );
}

/**
 * Ends a key. `last`: also the only one that the app has.
 * @throws not_found; invalid_input when it is the only one
 */
export async function revokeKey(
  db: Db,
  { appId, keyId, last }: { readonly appId: string; readonly keyId: string; readonly last: boolean },
): Promise<KeyRecord> {
  return await db.transaction(async (sql) => {
    // Two keys that revoke each other at once would leave none.
    await lockApp(sql, appId, 'revoke the key');
    const [revoked] = await sql.query<KeyRecord>(
      `UPDATE api_keys SET revoked_at = now() WHERE app_id = $1 AND key_id = $2 AND revoked_at IS NULL RETURNING ${shown}`,
      [appId, keyId],
    );
    if (revoked === undefined)
      throw new ParleyError('not_found', `unable to revoke the key; the app has no valid key ${keyId}`);
    const [left] = await sql.query('SELECT 1 FROM api_keys WHERE app_id = $1 AND revoked_at IS NULL LIMIT 1', [appId]);
    if (left === undefined && !last)
      throw new ParleyError(
        'invalid_input',
        'unable to revoke the key; it is the only one of the app, without which no back end could call: create another, move your back end to it, then revoke this one',
        { field: 'keyId' },
      );
    await sql.query('UPDATE apps SET access_changed_at = now() WHERE app_id = $1', [appId]);
    return revoked;
  });
}

/** Secrets of any app that are not sealed as `isCurrent` wants it, a page after `after` (a key's id). */
/** Of keys that are not revoked: nobody needs the others. */
export async function pageSecrets(
  sql: Sql,
  after: string,
  count: number,
): Promise<{ appId: string; keyId: string; secret: string }[]> {
  return await sql.query(
    'SELECT app_id AS "appId", key_id AS "keyId", secret FROM api_keys WHERE key_id > $1 AND revoked_at IS NULL ORDER BY key_id LIMIT $2',
    [after, count],
  );
}

/** Unless the secret is another one by now. */
export async function replaceSecret(
  sql: Sql,
  {
    appId,
    keyId,
    from,
    to,
  }: { readonly appId: string; readonly keyId: string; readonly from: string; readonly to: string },
): Promise<void> {
  await sql.query('UPDATE api_keys SET secret = $4 WHERE app_id = $1 AND key_id = $2 AND secret = $3', [
    appId,
    keyId,
    from,
    to,
  ]);
}
