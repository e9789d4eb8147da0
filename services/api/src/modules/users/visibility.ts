import { openChannelTypes, ParleyError } from '@parley/contracts';
import { mayCreateUsers, reachOf } from '../../domain/visibility.ts';
import { type Actor, viewerOf } from '../../platform/actor.ts';
import type { Sql } from '../../platform/sql.ts';

/**
 * SQL: the ids of all members of the viewer's channels. Whoever likes may join a channel of an open type, so sharing one of those says nothing. The
 * arguments are SQL expressions; `among`: a further condition on `theirs`, a row of `members`.
 */
export const sharingSql = (appId: string, viewer: string, among = 'TRUE'): string =>
  `SELECT theirs.user_id FROM members mine
     JOIN channels c ON c.app_id = mine.app_id AND c.channel_id = mine.channel_id AND c.deleted_at IS NULL
          AND c.type NOT IN (${openChannelTypes.map((type) => `'${type}'`).join(', ')})
     JOIN members theirs ON theirs.app_id = mine.app_id AND theirs.channel_id = mine.channel_id AND theirs.left_at IS NULL AND ${among}
    WHERE mine.app_id = ${appId} AND mine.user_id = ${viewer} AND mine.left_at IS NULL`;

/** For each viewer, those of the users who share a channel with it. One statement, none for nobody. */
export async function sharingAmong(
  sql: Sql,
  asked: readonly { readonly appId: string; readonly viewer: string | null; readonly userIds: readonly string[] }[],
): Promise<readonly ReadonlySet<string>[]> {
  if (asked.length === 0) return [];
  const pairs = asked.flatMap(({ appId, viewer, userIds }, list) => userIds.map((id) => ({ list, appId, viewer, id })));
  const rows = await sql.query<{ list: number; userId: string }>(
    `-- users-sharing
     SELECT q.list, s.user_id AS "userId" FROM (
         SELECT list, app_id, viewer, array_agg(user_id) AS user_ids FROM unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS k (list, app_id, viewer, user_id)
          GROUP BY 1, 2, 3) q
       CROSS JOIN LATERAL (SELECT DISTINCT x.user_id FROM (${sharingSql('q.app_id', 'q.viewer', 'theirs.user_id = ANY(q.user_ids)')}) x) s`,
    [
      pairs.map(({ list }) => list),
      pairs.map(({ appId }) => appId),
      pairs.map(({ viewer }) => viewer),
      pairs.map(({ id }) => id),
    ],
  );
  const sets = asked.map(() => new Set<string>());
  for (const { list, userId } of rows) sets[list]?.add(userId);
  return sets;
}

/** Those of the users whom the caller may look up, whether there are such users or not. At most one statement. */
export async function visibleAmong(sql: Sql, actor: Actor, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  const reach = reachOf(actor);
  if (reach === 'everybody') return new Set(userIds);
  const viewer = viewerOf(actor);
  const self = userIds.filter((id) => id === viewer);
  if (reach === 'self' || self.length === userIds.length) return new Set(self);
  const [sharing = []] = await sharingAmong(sql, [{ appId: actor.appId, viewer, userIds }]);
  return new Set([...self, ...sharing]);
}

/** Those of the users who exist and whom the caller may look up. */
async function knownTo(sql: Sql, actor: Actor, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  const [rows, visible] = await Promise.all([
    sql.query<{ userId: string }>(
      'SELECT user_id AS "userId" FROM users WHERE app_id = $1 AND user_id = ANY($2) AND deleted_at IS NULL',
      [actor.appId, userIds],
    ),
    visibleAmong(sql, actor, userIds),
  ]);
  return new Set(rows.flatMap(({ userId }) => (visible.has(userId) ? [userId] : [])));
}

/**
 * Refuses a caller that names somebody whom it may not look up, or who does not exist, with the same words. `fieldOf` is given an id and says where it
 * was named; `action` completes "unable to …".
 * @throws not_found
 */
export async function checkNamed(
  sql: Sql,
  actor: Actor,
  userIds: readonly string[],
  { action, fieldOf }: { readonly action: string; readonly fieldOf: (userId: string) => string },
): Promise<void> {
  const others = userIds.filter((id) => id !== viewerOf(actor));
  if (others.length === 0 || mayCreateUsers(actor)) return;
  const known = await knownTo(sql, actor, others);
  const stranger = others.find((id) => !known.has(id));
  if (stranger === undefined) return;
  throw new ParleyError(
    'not_found',
    `unable to ${action}; there is no user ${stranger} whom you may look up, users are made by a back end (upsertUsers) or by their own first token`,
    { field: fieldOf(stranger) },
  );
}
