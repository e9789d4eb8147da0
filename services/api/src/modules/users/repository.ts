import type { JsonObject, User } from '@parley/contracts';
import type { ProfileChange } from '@parley/contracts/schemas';
import type { Sql } from '../../platform/sql.ts';
import { userJson } from './user-json.ts';

/** One statement whatever the number. */
export async function loadUsers(sql: Sql, appId: string, ids: readonly string[]): Promise<Map<string, User>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<{ user: User }>(
    `SELECT ${userJson('u')} AS user FROM users u WHERE u.app_id = $1 AND u.user_id = ANY ($2)`,
    [appId, [...new Set(ids)]],
  );
  return new Map(rows.map(({ user }) => [user.id, user]));
}

/** What is stored of a user that a back end describes. */
export interface UserRecord {
  readonly id: string;
  readonly name: string | null;
  readonly image: string | null;
  readonly role: string;
  readonly custom: JsonObject;
}

/** Creates or replaces. A user that was deleted is there again. */
export async function replaceUsers(sql: Sql, appId: string, users: readonly UserRecord[]): Promise<void> {
  await sql.query(
    // Sorted, so that two calls that name the same users never wait for each other in a circle.
    `INSERT INTO users (app_id, user_id, name, image, role, custom)
     SELECT $1, u.id, u.name, u.image, u.role, u.custom
       FROM jsonb_to_recordset($2::jsonb) AS u (id text, name text, image text, role text, custom jsonb) ORDER BY u.id COLLATE "C"
     ON CONFLICT (app_id, user_id) DO UPDATE
        SET name = EXCLUDED.name, image = EXCLUDED.image, role = EXCLUDED.role, custom = EXCLUDED.custom, updated_at = now(), deleted_at = NULL`,
    [appId, JSON.stringify(users)],
  );
}

export async function patchUser(sql: Sql, appId: string, userId: string, patch: ProfileChange): Promise<void> {
  await sql.query(
    `UPDATE users SET name = CASE WHEN $3::jsonb ? 'name' THEN $3::jsonb ->> 'name' ELSE name END,
                      image = CASE WHEN $3::jsonb ? 'image' THEN $3::jsonb ->> 'image' ELSE image END,
                      custom = CASE WHEN $3::jsonb ? 'custom' THEN $3::jsonb -> 'custom' ELSE custom END,
                      updated_at = now()
      WHERE app_id = $1 AND user_id = $2`,
    [appId, userId, JSON.stringify(patch)],
  );
}
