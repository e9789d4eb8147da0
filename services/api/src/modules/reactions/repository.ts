import type { Reaction, ReactionGroup } from '@parley/contracts';
import { isoTime, userJsonOf } from '../../domain/user-json.ts';
import type { Sql } from '../../platform/sql.ts';

const reactionJson = (
  alias: string,
): string => `json_build_object('type', ${alias}.type, 'user', ${userJsonOf(`${alias}.app_id`, `${alias}.user_id`)},
  'score', ${alias}.score, 'createdAt', ${isoTime(`${alias}.created_at`)})`;

export async function ownReactions(
  sql: Sql,
  appId: string,
  messageIds: readonly string[],
  userId: string,
): Promise<Map<string, Reaction[]>> {
  const found = new Map<string, Reaction[]>(messageIds.map((id) => [id, []]));
  if (messageIds.length === 0) return found;
  const rows = await sql.query<{ messageId: string; reaction: Reaction }>(
    `SELECT r.message_id AS "messageId", ${reactionJson('r')} AS reaction FROM reactions r
      WHERE r.app_id = $1 AND r.message_id = ANY($2::uuid[]) AND r.user_id = $3 ORDER BY r.created_at, r.type`,
    [appId, messageIds, userId],
  );
  for (const { messageId, reaction } of rows) found.get(messageId)?.push(reaction);
  return found;
}

export async function saveReaction(
  sql: Sql,
  appId: string,
  messageId: string,
  userId: string,
  reaction: { readonly type: string; readonly score: number },
): Promise<Reaction | null> {
  const rows = await sql.query<{ reaction: Reaction }>(
    `INSERT INTO reactions AS r (app_id, message_id, user_id, type, score) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (app_id, message_id, user_id, type) DO UPDATE SET score = EXCLUDED.score WHERE r.score <> EXCLUDED.score
      RETURNING ${reactionJson('r')} AS reaction`,
    [appId, messageId, userId, reaction.type, reaction.score],
  );
  return rows[0]?.reaction ?? null;
}

/** Removes the user's reactions of these types; resolves with those that were there. */
export async function removeReactions(
  sql: Sql,
  appId: string,
  messageId: string,
  userId: string,
  types: readonly string[],
): Promise<Reaction[]> {
  const rows = await sql.query<{ reaction: Reaction }>(
    `DELETE FROM reactions r WHERE r.app_id = $1 AND r.message_id = $2 AND r.user_id = $3 AND r.type = ANY($4)
      RETURNING ${reactionJson('r')} AS reaction`,
    [appId, messageId, userId, types],
  );
  return rows.map(({ reaction }) => reaction);
}

/** Counts the groups anew from the rows and stores them with the message. */
export async function recountGroups(sql: Sql, appId: string, messageId: string): Promise<ReactionGroup[]> {
  const rows = await sql.query<{ groups: ReactionGroup[] }>(
    `UPDATE messages SET reaction_groups = COALESCE((
        SELECT jsonb_agg(jsonb_build_object('type', g.type, 'count', g.count, 'sumScores', g.sum, 'firstAt', ${isoTime('g.first_at')},
          'lastAt', ${isoTime('g.last_at')}) ORDER BY g.first_at, g.type)
        FROM (SELECT type, count(*)::int AS count, sum(score)::int AS sum, min(created_at) AS first_at, max(created_at) AS last_at
          FROM reactions WHERE app_id = $1 AND message_id = $2 GROUP BY type) g), '[]')
      WHERE app_id = $1 AND message_id = $2 RETURNING reaction_groups AS groups`,
    [appId, messageId],
  );
  return rows[0]?.groups ?? [];
}
