import type { AppSettings, JsonObject } from '@parley/contracts';
import { appSettingsOf } from '../../domain/app-settings.ts';
import { oneRow, unnestUnseen } from '../../platform/planner-hints.ts';
import type { Sql } from '../../platform/sql.ts';
import { UserIdTaken } from '../../platform/user-id-taken.ts';

/** What decides now about a token whose signature holds. */
export interface CredentialStatus {
  readonly appId: string;
  readonly allowedOrigins: readonly string[];
  readonly settings: AppSettings;
  readonly keyRevokedAt: string | null;
  /** The latest date of those tokens of the key that came before it. */
  readonly keyAheadUntil: string | null;
  /** Tokens issued at or before it are refused, those of every user. */
  readonly appValidAfter: string | null;
  /** Null: the token names no user, or one not seen before. */
  readonly user: {
    readonly role: string;
    readonly validAfter: string | null;
    readonly deletedAt: string | null;
  } | null;
}

interface CredentialStatusRow extends Omit<CredentialStatus, 'user' | 'settings'> {
  readonly settings: JsonObject;
  readonly place: number;
  readonly userRole: string | null;
  readonly userValidAfter: string | null;
  readonly userDeletedAt: string | null;
}

/** One statement for all of it, in the order asked for. A key's id is that of one app. Null: there is no such key. */
export async function readCredentialStatuses(
  sql: Sql,
  asked: readonly { readonly keyId: string; readonly userId: string | null }[],
): Promise<readonly (CredentialStatus | null)[]> {
  const rows = await sql.query<CredentialStatusRow>(
    `-- read-credential-statuses
     SELECT q.place, a.app_id AS "appId", a.allowed_origins AS "allowedOrigins", a.settings, k.revoked_at AS "keyRevokedAt",
            k.ahead_until AS "keyAheadUntil",
            a.tokens_valid_after AS "appValidAfter", u.role AS "userRole", u.tokens_valid_after AS "userValidAfter", u.deleted_at AS "userDeletedAt"
       FROM ${unnestUnseen('text', 'text')} WITH ORDINALITY AS q (key_id, user_id, place)
       JOIN api_keys k ON k.key_id = q.key_id JOIN apps a ON a.app_id = k.app_id
       LEFT JOIN LATERAL ${oneRow('SELECT * FROM users u WHERE u.app_id = k.app_id AND u.user_id = q.user_id')} AS u ON TRUE`,
    [asked.map(({ keyId }) => keyId), asked.map(({ userId }) => userId)],
  );
  const statuses = new Map(
    rows.map(({ place, userRole, userValidAfter, userDeletedAt, ...status }) => {
      const user = userRole === null ? null : { role: userRole, validAfter: userValidAfter, deletedAt: userDeletedAt };
      return [place, { ...status, settings: appSettingsOf(status.settings), user }];
    }),
  );
  return asked.map((_, index) => statuses.get(index + 1) ?? null);
}

/** Users whom the tenants' signatures vouch for; their roles, in the order given. Null: nobody, since something else of the app has the id. */
export async function welcomeUsers(
  sql: Sql,
  users: readonly { readonly appId: string; readonly userId: string }[],
): Promise<readonly (string | null)[]> {
  if (users.length === 0) return [];
  const params = [users.map(({ appId }) => appId), users.map(({ userId }) => userId)];
  await insertUsers(sql, params);
  const rows = await sql.query<{ role: string | null }>(
    `-- roles-of-users
     SELECT u.role FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k (app_id, user_id, place)
       LEFT JOIN users u ON u.app_id = k.app_id AND u.user_id = k.user_id ORDER BY k.place`,
    params,
  );
  return rows.map(({ role }) => role);
}

/** Nobody is kept out by a neighbour whose id is taken. Each of those who lost a race for theirs costs one statement more. */
async function insertUsers(sql: Sql, params: readonly (readonly string[])[]): Promise<void> {
  for (let races = params[0]?.length ?? 0; ; races -= 1) {
    try {
      await sql.query(
        `INSERT INTO users (app_id, user_id) SELECT DISTINCT k.app_id, k.user_id FROM unnest($1::text[], $2::text[]) AS k (app_id, user_id)
          WHERE other_object(k.app_id, k.user_id) IS NULL ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
        params,
      );
      return;
    } catch (error) {
      if (!(error instanceof UserIdTaken) || races <= 0) throw error;
    }
  }
}
