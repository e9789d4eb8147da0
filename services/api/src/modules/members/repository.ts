import type { Member } from '@parley/contracts';
import { memberJson } from '../../domain/member-json.ts';
import type { Sql } from '../../platform/sql.ts';

/** Ends memberships; resolves with the ids of those who were members. */
export async function endMemberships(
  sql: Sql,
  appId: string,
  channelId: string,
  userIds: readonly string[],
  reason: 'left' | 'removed',
): Promise<string[]> {
  const rows = await sql.query<{ userId: string }>(
    `UPDATE members SET left_at = now(), left_reason = $4, updated_at = now()
      WHERE app_id = $1 AND channel_id = $2 AND user_id = ANY($3) AND left_at IS NULL RETURNING user_id AS "userId"`,
    [appId, channelId, userIds, reason],
  );
  const ended = new Set(rows.map((row) => row.userId));
  return userIds.filter((id) => ended.has(id));
}

/** The active members after `after` (a user id), by id, up to `count` of each channel; in one statement. */
export async function pageMembers(
  sql: Sql,
  appId: string,
  channelIds: readonly string[],
  page: { readonly after: string; readonly count: number },
): Promise<Map<string, Member[]>> {
  const rows = await sql.query<{ channelId: string; member: Member }>(
    `SELECT wanted.channel_id AS "channelId", ${memberJson('m')} AS member FROM unnest($2::text[]) wanted(channel_id)
      CROSS JOIN LATERAL (SELECT * FROM members WHERE app_id = $1 AND channel_id = wanted.channel_id AND left_at IS NULL AND user_id > $3
        ORDER BY user_id LIMIT $4) m ORDER BY wanted.channel_id, m.user_id`,
    [appId, channelIds, page.after, page.count],
  );
  const pages = new Map<string, Member[]>(channelIds.map((id) => [id, []]));
  for (const { channelId, member } of rows) pages.get(channelId)?.push(member);
  return pages;
}
