import type { DateTime, JsonObject, User } from '@parley/contracts';
import type { ProfileChange } from '@parley/schemas';
import { userJson } from '../../domain/user-json.ts';
import type { Sql } from '../../platform/sql.ts';

/** One statement whatever the number. */
export async function loadUsers(sql: Sql, appId: string, ids: readonly string[]): Promise<Map<string, User>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<{ user: User }>(
    `SELECT ${userJson('u')} AS user FROM users u WHERE u.app_id = $1 AND u.user_id = ANY ($2)`,
    [appId, [...new Set(ids)]],
  );
  return new Map(rows.map(({ user }) => [user.id, user]));
}

export async function loadPrivate(sql: Sql, appId: string, ids: readonly string[]): Promise<Map<string, JsonObject>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<{ id: string; private: JsonObject }>(
    'SELECT user_id AS id, private FROM users WHERE app_id = $1 AND user_id = ANY($2)',
    [appId, ids],
  );
  return new Map(rows.map((row) => [row.id, row.private]));
}

/** What is stored of a user that a back end describes. */
export interface UserRecord {
  readonly id: string;
  readonly name: string | null;
  readonly image: string | null;
  readonly role: string;
  readonly custom: JsonObject;
  readonly private: JsonObject;
}

/** A user whose rights changed, and the database's time of it. */
export interface ChangedUser {
  readonly userId: string;
  readonly at: DateTime;
}

/**
 * SQL: the time of a change of the row with this alias. A transaction that waited for the row began before the change that it follows, and clients take the
 * newest by this time: so it is the time of now, and later than that of the change before.
 */
const changeTime = (alias: string): string =>
  `greatest(clock_timestamp(), ${alias}.updated_at + interval '1 millisecond')`;

/** Creates or replaces; who is described as before stays as it is. A user that was deleted is there again. Resolves with those whose rights are others than before. */
export async function replaceUsers(
  sql: Sql,
  appId: string,
  users: readonly UserRecord[],
): Promise<readonly ChangedUser[]> {
  const rows = await sql.query<ChangedUser & { readonly changed: boolean }>(
    // Sorted, so that two calls that name the same users never wait for each other in a circle.
    `INSERT INTO users AS o (app_id, user_id, name, image, role, custom, private)
     SELECT $1, u.id, u.name, u.image, u.role, u.custom, u.private
       FROM jsonb_to_recordset($2::jsonb) AS u (id text, name text, image text, role text, custom jsonb, private jsonb) ORDER BY u.id COLLATE "C"
     ON CONFLICT (app_id, user_id) DO UPDATE
        SET name = EXCLUDED.name, image = EXCLUDED.image, role = EXCLUDED.role, custom = EXCLUDED.custom, private = EXCLUDED.private,
            updated_at = CASE WHEN (o.name, o.image, o.role, o.custom, o.private, o.deleted_at)
                IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.image, EXCLUDED.role, EXCLUDED.custom, EXCLUDED.private, NULL::timestamptz)
              THEN ${changeTime('o')} ELSE o.updated_at END,
            deleted_at = NULL,
            access_changed_at = CASE WHEN o.role <> EXCLUDED.role OR o.deleted_at IS NOT NULL THEN now() ELSE o.access_changed_at END
     RETURNING user_id AS "userId", now()::timestamptz(3) AS at, access_changed_at IS NOT DISTINCT FROM now()::timestamptz(3) AS changed`,
    [appId, JSON.stringify(users)],
  );
  return rows.filter(({ changed }) => changed);
}

export async function patchUser(sql: Sql, appId: string, userId: string, patch: ProfileChange): Promise<void> {
  await sql.query(
    `UPDATE users u SET name = CASE WHEN $3::jsonb ? 'name' THEN $3::jsonb ->> 'name' ELSE name END,
                      image = CASE WHEN $3::jsonb ? 'image' THEN $3::jsonb ->> 'image' ELSE image END,
                      custom = CASE WHEN $3::jsonb ? 'custom' THEN $3::jsonb -> 'custom' ELSE custom END,
                      updated_at = ${changeTime('u')}
      WHERE app_id = $1 AND user_id = $2`,
    [appId, userId, JSON.stringify(patch)],
  );
}

/**
 * Empties what is stored of them and refuses their tokens, in one statement: it is all done or nothing. Who is unknown may hold tokens too, and counts as
 * deleted from now on. Their memberships end afterwards, one channel at a time.
 */
export async function deleteUsers(sql: Sql, appId: string, userIds: readonly string[]): Promise<DateTime> {
  const [row] = await sql.query<{ at: DateTime }>(
    `WITH gone AS (
       INSERT INTO users AS u (app_id, user_id, deleted_at, tokens_valid_after, access_changed_at)
       SELECT $1, k.user_id, now(), now(), now() FROM unnest($2::text[]) AS k (user_id) ORDER BY k.user_id COLLATE "C"
       ON CONFLICT (app_id, user_id) DO UPDATE
          SET name = NULL, image = NULL, role = 'user', custom = '{}', private = '{}', last_active_at = NULL, updated_at = ${changeTime('u')},
              deleted_at = coalesce(u.deleted_at, now()), tokens_valid_after = greatest(u.tokens_valid_after, now()),
              memberships_end_at = now(), access_changed_at = now()
       RETURNING access_changed_at)
     SELECT max(access_changed_at) AS at FROM gone`,
    [appId, userIds],
  );
  return row?.at ?? new Date(0).toISOString();
}
