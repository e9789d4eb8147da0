import { isChannelId, isMessageId, openChannelTypes, ParleyError } from '@parley/contracts';
import { mayCreateUsers, reachOf } from '../../domain/visibility.ts';
import { type Actor, hasServerRights, viewerOf } from '../../platform/actor.ts';
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

/**
 * Ids of users to come that a user must not choose for them: those of messages, and all in the form of a channel's, whether there is one or not. Whoever made a user of such
 * an id would keep a back end from its own channel, and would find out which channels there are.
 */
async function idsOfOthers(sql: Sql, appId: string, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  const ofChannels = userIds.filter(isChannelId);
  // Ids of messages are in lower case.
  const ofMessages = userIds.filter((id) => isMessageId(id) && id === id.toLowerCase());
  if (ofChannels.length + ofMessages.length === 0) return new Set();
  const rows = await sql.query<{ id: string }>(
    `SELECT k.id FROM (SELECT unnest($2::text[]) AS id UNION ALL
         SELECT message_id::text FROM messages WHERE app_id = $1 AND message_id = ANY($3::uuid[])) k
      WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.app_id = $1 AND u.user_id = k.id)`,
    [appId, ofChannels, ofMessages],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Those of the users who do not exist, or whom the caller may not look up. */
async function unknownTo(sql: Sql, actor: Actor, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  const known = await knownTo(sql, actor, userIds);
  return new Set(userIds.filter((id) => !known.has(id)));
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
  if (others.length === 0 || hasServerRights(actor)) return;
  const refused = mayCreateUsers(actor)
    ? await idsOfOthers(sql, actor.appId, others)
    : await unknownTo(sql, actor, others);
  const stranger = others.find((id) => refused.has(id));
  if (stranger === undefined) return;
  throw new ParleyError(
    'not_found',
    `unable to ${action}; there is no user ${stranger} whom you may look up, users are made by a back end (upsertUsers) or by their own first token`,
    { field: fieldOf(stranger) },
  );
}
