import type { AccessChange } from '@parley/contracts/bus';
import type { Sql } from '../../platform/sql.ts';

/** Changes of one answer; it travels in one message of the bus. */
const mostChanges = 2_000;

/**
 * Whose access changed after `since`, oldest first, in these apps or (null) in all. Of more than {@link mostChanges}, their apps as a whole, which says
 * more than is needed and leaves nobody out.
 */
export async function readAccessChanges(
  sql: Sql,
  appIds: readonly string[] | null,
  since: string,
): Promise<readonly AccessChange[]> {
  const rows = await sql.query<AccessChange>(
    `-- access-changes
     SELECT app_id AS "appId", user_id AS "userId", access_changed_at AS at FROM (
       SELECT app_id, NULL AS user_id, access_changed_at FROM apps WHERE access_changed_at > $2
       UNION ALL SELECT app_id, user_id, access_changed_at FROM users WHERE access_changed_at > $2) c
      WHERE $1::text[] IS NULL OR app_id = ANY ($1) ORDER BY access_changed_at LIMIT ${mostChanges + 1}`,
    [appIds, since],
  );
  if (rows.length <= mostChanges) return rows;
  return await sql.query<AccessChange>(
    `SELECT app_id AS "appId", NULL AS "userId", max(access_changed_at) AS at FROM (
       SELECT app_id, access_changed_at FROM apps WHERE access_changed_at > $2
       UNION ALL SELECT app_id, access_changed_at FROM users WHERE access_changed_at > $2) c
      WHERE $1::text[] IS NULL OR app_id = ANY ($1) GROUP BY app_id ORDER BY max(access_changed_at) LIMIT ${mostChanges}`,
    [appIds, since],
  );
}
