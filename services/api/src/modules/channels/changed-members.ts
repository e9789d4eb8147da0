import { limits, type User } from '@parley/contracts';
import { changedUsersSql } from '../../domain/changed-users-sql.ts';
import { userJson } from '../../domain/user-json.ts';
import { oneRow } from '../../platform/planner-hints.ts';
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
    `-- changed-members-of-channels
     SELECT q.place::int, coalesce(json_agg(x.user) FILTER (WHERE x.belongs), '[]') AS users, count(x.user)::int AS looked
       FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS q (app_id, channel_id, after, place)
       JOIN channel_events e ON e.app_id = q.app_id AND e.channel_id = q.channel_id AND e.seq = q.after
       LEFT JOIN LATERAL (
         SELECT ${userJson('u')} AS user, COALESCE(${oneRow(`SELECT TRUE FROM members m
             WHERE m.app_id = q.app_id AND m.channel_id = q.channel_id AND m.user_id = u.user_id`)}, FALSE) AS belongs
           FROM ${changedUsersSql('q.app_id', 'e.at', mostLookedAt)} u) x ON TRUE
      GROUP BY q.place`,
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
