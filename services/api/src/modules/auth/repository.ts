import type { Sql } from '../../platform/sql.ts';

/** What decides now about a token whose signature holds. */
export interface Standing {
  readonly appId: string;
  readonly allowedOrigins: readonly string[];
  readonly keyRevokedAt: string | null;
  /** Tokens issued at or before it are refused, those of every user. */
  readonly appValidAfter: string | null;
  /** Null: the token names no user, or one not seen before. */
  readonly user: {
    readonly role: string;
    readonly validAfter: string | null;
    readonly deletedAt: string | null;
  } | null;
}

interface StandingRow extends Omit<Standing, 'user'> {
  readonly userRole: string | null;
  readonly userValidAfter: string | null;
  readonly userDeletedAt: string | null;
}

/** One statement for all of it. The key's id is that of one app. Null: there is no such key. */
export async function readStanding(sql: Sql, keyId: string, userId: string | null): Promise<Standing | null> {
  const [row] = await sql.query<StandingRow>(
    `SELECT a.app_id AS "appId", a.allowed_origins AS "allowedOrigins", k.revoked_at AS "keyRevokedAt", a.tokens_valid_after AS "appValidAfter",
            u.role AS "userRole", u.tokens_valid_after AS "userValidAfter", u.deleted_at AS "userDeletedAt"
       FROM api_keys k JOIN apps a ON a.app_id = k.app_id
       LEFT JOIN users u ON u.app_id = k.app_id AND u.user_id = $2
      WHERE k.key_id = $1`,
    [keyId, userId],
  );
  if (row === undefined) return null;
  const { userRole, userValidAfter, userDeletedAt, ...standing } = row;
  const user = userRole === null ? null : { role: userRole, validAfter: userValidAfter, deletedAt: userDeletedAt };
  return { ...standing, user };
}

/** A user that the tenant's signature vouches for; its role. */
export async function welcomeUser(sql: Sql, appId: string, userId: string): Promise<string> {
  const [made] = await sql.query<{ role: string }>(
    'INSERT INTO users (app_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING role',
    [appId, userId],
  );
  if (made !== undefined) return made.role;
  const [known] = await sql.query<{ role: string }>('SELECT role FROM users WHERE app_id = $1 AND user_id = $2', [
    appId,
    userId,
  ]);
  return known?.role ?? 'user';
}
