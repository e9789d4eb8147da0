import { ParleyError } from '@parley/contracts';
import { IsNull } from 'typeorm';
import type { Db } from '../../platform/db.ts';
import type { Sql } from '../../platform/sql.ts';
import { type AppEntity, apiKeys, apps, organisations } from './entity.ts';
import type { ApiKey, AppRecord } from './service.ts';

const mostApps = 1_000;
const mostKeys = 20;

const recordOf = ({ appId, organisationId, name, environment, allowedOrigins }: AppEntity): AppRecord => ({
  id: appId,
  organisationId,
  name,
  environment,
  allowedOrigins,
});

/** Organisation, app and key, or none of them. */
export async function insertApp(
  db: Db,
  {
    app: { id, ...app },
    organisation,
    key,
  }: { readonly app: AppRecord; readonly organisation: string; readonly key: ApiKey },
): Promise<void> {
  await db.entities((manager) =>
    manager.transaction(async (tx) => {
      await tx.insert(organisations, { organisationId: app.organisationId, name: organisation });
      await tx.insert(apps, { ...app, appId: id, allowedOrigins: [...app.allowedOrigins] });
      await tx.insert(apiKeys, { ...key });
    }),
  );
}

export async function findApp(db: Db, appId: string): Promise<AppRecord | null> {
  const app = await db.entities((manager) => manager.findOneBy(apps, { appId }));
  return app === null ? null : recordOf(app);
}

/** Oldest first. */
export async function listApps(db: Db): Promise<AppRecord[]> {
  const all = await db.entities((manager) =>
    manager.find(apps, { order: { createdAt: 'ASC', appId: 'ASC' }, take: mostApps }),
  );
  return all.map(recordOf);
}

/** @throws invalid_input when the app has as many keys as it may */
export async function insertKey(db: Db, key: ApiKey): Promise<void> {
  await db.transaction(async (sql) => {
    // The app's row as a lock: two keys made at once are counted one after the other.
    await sql.query('SELECT 1 FROM apps WHERE app_id = $1 FOR UPDATE', [key.appId]);
    const [made] = await sql.query(
      `INSERT INTO api_keys (app_id, key_id, secret) SELECT $1, $2, $3
        WHERE (SELECT count(*) FROM api_keys WHERE app_id = $1 AND revoked_at IS NULL) < ${mostKeys} RETURNING key_id`,
      [key.appId, key.keyId, key.secret],
    );
    if (made === undefined)
      throw new ParleyError('invalid_input', `unable to make a key; an app has up to ${mostKeys}, revoke one first`, {
        limit: mostKeys,
      });
  });
}

/** Those that are not revoked, newest first. */
export async function listKeys(db: Db, appId: string): Promise<ApiKey[]> {
  const keys = await db.entities((manager) =>
    manager.find(apiKeys, {
      where: { appId, revokedAt: IsNull() },
      order: { createdAt: 'DESC', keyId: 'ASC' },
      take: mostKeys,
    }),
  );
  return keys.map(({ keyId, secret }) => ({ appId, keyId, secret }));
}

/** Whether there was such a key to revoke. */
export async function revokeKey(sql: Sql, appId: string, keyId: string): Promise<boolean> {
  const rows = await sql.query(
    'UPDATE api_keys SET revoked_at = now() WHERE app_id = $1 AND key_id = $2 AND revoked_at IS NULL RETURNING key_id',
    [appId, keyId],
  );
  return rows.length > 0;
}

export async function updateOrigins(db: Db, appId: string, allowedOrigins: readonly string[]): Promise<void> {
  await db.entities((manager) => manager.update(apps, { appId }, { allowedOrigins: [...allowedOrigins] }));
}

/** Moves the limit forward, never back. `until` null, or later than now: now. Resolves with the time at and before which tokens are refused. */
export async function revokeTokens(
  sql: Sql,
  appId: string,
  userId: string | null,
  until: string | null,
): Promise<string> {
  const later = (column: string) => `greatest(${column}, least($2::timestamptz(3), now()))`;
  const rows =
    userId === null
      ? await sql.query<{ until: string }>(
          `UPDATE apps SET tokens_valid_after = ${later('tokens_valid_after')} WHERE app_id = $1 RETURNING tokens_valid_after AS until`,
          [appId, until],
        )
      : // A user not seen yet may hold tokens too.
        await sql.query<{ until: string }>(
          `INSERT INTO users AS u (app_id, user_id, tokens_valid_after) VALUES ($1, $3, least($2::timestamptz(3), now()))
           ON CONFLICT (app_id, user_id) DO UPDATE SET tokens_valid_after = ${later('u.tokens_valid_after')}
           RETURNING tokens_valid_after AS until`,
          [appId, until, userId],
        );
  const [row] = rows;
  if (row === undefined) throw new ParleyError('not_found', `unable to revoke tokens; there is no app ${appId}`);
  return row.until;
}
