import { ParleyError } from '@parley/contracts';
import type { Db } from '../../platform/db.ts';
import type { Sql } from '../../platform/sql.ts';
import { type AppEntity, apiKeys, apps, organisations } from './entity.ts';
import type { StoredKey } from './repository-keys.ts';
import type { AppRecord } from './service.ts';

const mostApps = 1_000;

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
  }: { readonly app: AppRecord; readonly organisation: string; readonly key: StoredKey },
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

/** Resolves with the database's time of it, or null: there is no such app. */
export async function updateOrigins(
  sql: Sql,
  appId: string,
  allowedOrigins: readonly string[],
): Promise<string | null> {
  const [row] = await sql.query<{ at: string }>(
    'UPDATE apps SET allowed_origins = $2, access_changed_at = now() WHERE app_id = $1 RETURNING access_changed_at AS at',
    [appId, allowedOrigins],
  );
  return row?.at ?? null;
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
          `UPDATE apps SET tokens_valid_after = ${later('tokens_valid_after')}, access_changed_at = now() WHERE app_id = $1 RETURNING tokens_valid_after AS until`,
          [appId, until],
        )
      : // A user not seen yet may hold tokens too.
        await sql.query<{ until: string }>(
          `INSERT INTO users AS u (app_id, user_id, tokens_valid_after, access_changed_at) VALUES ($1, $3, least($2::timestamptz(3), now()), now())
           ON CONFLICT (app_id, user_id) DO UPDATE SET tokens_valid_after = ${later('u.tokens_valid_after')}, access_changed_at = now()
           RETURNING tokens_valid_after AS until`,
          [appId, until, userId],
        );
  const [row] = rows;
  if (row === undefined) throw new ParleyError('not_found', `unable to revoke tokens; there is no app ${appId}`);
  return row.until;
}
