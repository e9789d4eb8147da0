import type { User } from '@parley/contracts';
import { changedSince, changedUsersSql } from '../../domain/changed-users-sql.ts';
import { userJson } from '../../domain/user-json.ts';
import { computedOnce, fenced } from '../../platform/planner-hints.ts';
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
    // Thousands come back at once: who changed is found once for all of an app, and nobody's channels are read for no one.
    `-- changed-users-for
     WITH ${computedOnce(
       'q',
       `SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS q (app_id, user_id, since, place)`,
     )},
       ${computedOnce(
         'u',
         `SELECT x.app_id, x.user_id, x.updated_at, ${userJson('x')} AS user
            FROM (SELECT app_id, min(since) AS since FROM q GROUP BY app_id) a
            CROSS JOIN LATERAL ${changedUsersSql('a.app_id', 'a.since', mostLookedAt)} x`,
       )},
       ${computedOnce(
         'theirs',
         `SELECT u.app_id, u.user_id, m.channel_id FROM u
            CROSS JOIN LATERAL ${fenced('SELECT channel_id FROM members WHERE app_id = u.app_id AND user_id = u.user_id')} m`,
       )},
       ${computedOnce(
         'own',
         `SELECT q.place, q.app_id, v.channel_id FROM (SELECT DISTINCT app_id FROM u) a JOIN q ON q.app_id = a.app_id
            CROSS JOIN LATERAL ${fenced(
              'SELECT channel_id FROM members WHERE app_id = q.app_id AND user_id = q.user_id AND left_at IS NULL',
            )} v`,
       )},
       shown AS (
         SELECT own.place, t.app_id, t.user_id FROM own JOIN theirs t ON t.app_id = own.app_id AND t.channel_id = own.channel_id
         UNION
         SELECT place, app_id, user_id FROM q)
     SELECT coalesce(json_agg(u.user ORDER BY u.updated_at DESC) FILTER (WHERE u.user IS NOT NULL), '[]') AS users
       FROM q LEFT JOIN shown s ON s.place = q.place
       LEFT JOIN u ON u.app_id = s.app_id AND u.user_id = s.user_id AND ${changedSince('u', 'q.since')}
      GROUP BY q.place ORDER BY q.place`,
    [viewers.map(({ appId }) => appId), viewers.map(({ userId }) => userId), viewers.map(({ since }) => since)],
  );
  return rows.map(({ users }) => users);
}
