import { limits, type User } from '@parley/contracts';
import { changedSince, changedUsersSql } from '../../domain/changed-users-sql.ts';
import { userJsonOf } from '../../domain/user-json.ts';
import { computedOnce, oneRow } from '../../platform/planner-hints.ts';
import type { Sql } from '../../platform/sql.ts';

export interface ChangedMembersQuestion {
  readonly appId: string;
  readonly channelId: string;
  /** Position of an event of the log. */
  readonly after: number;
}

/** Users of an app that are looked at: with more, finding those of one channel would cost too much. */
const mostLookedAt = 1_000;

/**
 * For each question, the members of the channel, of now or before, whose profile changed since the event at `after`, or shortly before it. Null: there are too
 * many to tell; undefined: the log has no such event. In the order asked. One statement, none for nobody.
 *
 * Example: ada saw lunch up to 4, of 12:30. Bob, who is in lunch, got another name at 12:40, and joe, who is not, too → bob.
 */
export async function changedMembers(
  sql: Sql,
  questions: readonly ChangedMembersQuestion[],
): Promise<readonly (readonly User[] | null | undefined)[]> {
  if (questions.length === 0) return [];
  const rows = await sql.query<{ readonly place: number; readonly users: readonly User[]; readonly looked: number }>(
    // Many come back to few channels: each user is looked up once for each channel, whoever asks.
    `-- changed-members-of-channels
     WITH ${computedOnce(
       'q',
       `SELECT q.place::int, q.app_id, q.channel_id, e.at AS since
          FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS q (app_id, channel_id, after, place)
          JOIN channel_events e ON e.app_id = q.app_id AND e.channel_id = q.channel_id AND e.seq = q.after`,
     )},
       ${computedOnce(
         'u',
         `SELECT x.app_id, x.user_id, x.updated_at FROM (SELECT app_id, min(since) AS since FROM q GROUP BY app_id) a
            CROSS JOIN LATERAL ${changedUsersSql('a.app_id', 'a.since', mostLookedAt)} x`,
       )},
       ${computedOnce(
         'm',
         `SELECT c.app_id, c.channel_id, u.updated_at, ${userJsonOf('u.app_id', 'u.user_id')} AS user
            FROM (SELECT DISTINCT app_id, channel_id FROM q) c JOIN u ON u.app_id = c.app_id
            CROSS JOIN LATERAL ${oneRow(`SELECT TRUE FROM members
              WHERE app_id = c.app_id AND channel_id = c.channel_id AND user_id = u.user_id`)} belongs`,
       )}
     SELECT q.place, (SELECT count(*) FROM u WHERE u.app_id = q.app_id AND ${changedSince('u', 'q.since')})::int AS looked,
            coalesce((SELECT json_agg(one.user) FROM (SELECT m.user FROM m
              WHERE m.app_id = q.app_id AND m.channel_id = q.channel_id AND ${changedSince('m', 'q.since')} LIMIT ${limits.usersOfEvents + 1}) one), '[]') AS users
       FROM q`,
    [
      questions.map(({ appId }) => appId),
      questions.map(({ channelId }) => channelId),
      questions.map(({ after }) => after),
    ],
  );
  const found = new Map(rows.map((row) => [row.place, row]));
  return questions.map((_, index) => {
    const row = found.get(index + 1);
    if (row === undefined) return undefined;
    return row.looked >= mostLookedAt || row.users.length > limits.usersOfEvents ? null : row.users;
  });
}
