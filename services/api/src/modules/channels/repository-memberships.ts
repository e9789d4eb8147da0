import type { JsonObject, Member } from '@parley/contracts';
import { memberJson } from '../../domain/member-json.ts';
import type { Sql } from '../../platform/sql.ts';

/** A membership as stored; `active` is false for one who left. */
export interface MembershipRow {
  readonly userId: string;
  readonly role: string;
  readonly custom: JsonObject;
  readonly active: boolean;
  /** Why it ended; null while it is active. */
  readonly leftReason: string | null;
}

/** What is to be stored of a member. */
export interface MembershipDraft {
  readonly userId: string;
  readonly role: string;
  readonly custom: JsonObject;
}

export async function loadMemberships(
  sql: Sql,
  appId: string,
  channelId: string,
  userIds: readonly string[],
): Promise<Map<string, MembershipRow>> {
  const rows = await sql.query<MembershipRow>(
    `SELECT user_id AS "userId", role, custom, left_at IS NULL AS active, left_reason AS "leftReason" FROM members
      WHERE app_id = $1 AND channel_id = $2 AND user_id = ANY($3)`,
    [appId, channelId, userIds],
  );
  return new Map(rows.map((row) => [row.userId, row]));
}

/** Makes sure that the users exist: naming one in a membership is enough, as a token of theirs would be. */
export async function ensureUsers(sql: Sql, appId: string, userIds: readonly string[]): Promise<void> {
  // In order of the key, so that two such statements never wait for each other.
  await sql.query(
    `INSERT INTO users (app_id, user_id) SELECT $1, wanted.user_id FROM unnest($2::text[]) wanted(user_id) ORDER BY wanted.user_id COLLATE "C"
      ON CONFLICT (app_id, user_id) DO NOTHING`,
    [appId, userIds],
  );
}

/** Adds or changes members. Who joins, or joins again, starts with everything up to `head` read. In the order of the drafts. */
export async function saveMembers(
  sql: Sql,
  appId: string,
  channelId: string,
  drafts: readonly MembershipDraft[],
  head: number,
): Promise<Member[]> {
  if (drafts.length === 0) return [];
  const rows = await sql.query<{ member: Member }>(
    `INSERT INTO members AS m (app_id, channel_id, user_id, role, custom, read_seq)
      SELECT $1, $2, draft."userId", draft.role, draft.custom, $4
        FROM jsonb_to_recordset($3::jsonb) draft("userId" text, role text, custom jsonb)
      ON CONFLICT (app_id, channel_id, user_id) DO UPDATE SET role = EXCLUDED.role, custom = EXCLUDED.custom, updated_at = now(),
        created_at = CASE WHEN m.left_at IS NULL THEN m.created_at ELSE now() END,
        read_seq = CASE WHEN m.left_at IS NULL THEN m.read_seq ELSE EXCLUDED.read_seq END,
        read_at = CASE WHEN m.left_at IS NULL THEN m.read_at END,
        left_at = NULL, left_reason = NULL
      RETURNING ${memberJson('m')} AS member`,
    [appId, channelId, JSON.stringify(drafts), head],
  );
  const byId = new Map(rows.map(({ member }) => [member.user.id, member]));
  return drafts.flatMap(({ userId }) => byId.get(userId) ?? []);
}
