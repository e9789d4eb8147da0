import type { User } from '@parley/contracts';
import { changedUsersSql } from '../../domain/changed-users-sql.ts';
import { userJson } from '../../domain/user-json.ts';
import { oneRow } from '../../platform/planner-hints.ts';
import type { Sql } from '../../platform/sql.ts';

interface ChangedUsersQuestion {
  readonly appId: string;
  readonly userId: string;
  /** ISO 8601. */
  readonly since: string;
}

/** Users of an app that are looked at, of whom the newest count. */
const mostLookedAt = 200;

/**
 * For each viewer, those who share a channel with it now, or are the viewer, and whose profile changed since, or shortly before; the newest first, of many
 * the newest alone. In the order asked. One statement, none for nobody.
 *
 * Example: ada was gone since 12:30. Bob, who is in lunch with her, got another name at 12:40, and joe, who is in none of her channels, too → bob.
 */
export async function changedUsersFor(
  sql: Sql,
  viewers: readonly ChangedUsersQuestion[],
): Promise<readonly (readonly User[])[]> {
  if (viewers.length === 0) return [];
  const rows = await sql.query<{ readonly users: readonly User[] }>(
    `-- changed-users-for
     SELECT coalesce(json_agg(x.user ORDER BY x.updated_at DESC) FILTER (WHERE x.user IS NOT NULL), '[]') AS users
       FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS q (app_id, user_id, since, place)
       LEFT JOIN LATERAL (
         SELECT ${userJson('u')} AS user, u.updated_at FROM ${changedUsersSql('q.app_id', 'q.since', mostLookedAt)} u
          WHERE u.user_id = q.user_id OR COALESCE(${oneRow(`SELECT TRUE FROM members v
              JOIN members m ON m.app_id = v.app_id AND m.channel_id = v.channel_id AND m.user_id = u.user_id
             WHERE v.app_id = q.app_id AND v.user_id = q.user_id AND v.left_at IS NULL`)}, FALSE)
) x ON TRUE
      GROUP BY q.place ORDER BY q.place`,
    [viewers.map(({ appId }) => appId), viewers.map(({ userId }) => userId), viewers.map(({ since }) => since)],
  );
  return rows.map(({ users }) => users);
}
