import type { Sql } from '../../platform/sql.ts';

/** A member's side of a channel's log. */
export interface Unread {
  readonly readSeq: number;
  readonly unreadCount: number;
  readonly unreadMentions: number;
}

export const nothingUnread: Unread = { readSeq: 0, unreadCount: 0, unreadMentions: 0 };

/** Whether the message with this table alias counts as unread for anybody: regular, in the timeline, not silent, not deleted. */
const countsSql = (message: string): string =>
  `${message}.kind = 'REGULAR' AND (${message}.parent_id IS NULL OR ${message}.show_in_channel) AND NOT ${message}.silent AND ${message}.deleted_at IS NULL`;

/**
 * The one definition of unread, as a condition on a message and a membership: it counts, comes after the read pointer and is not one's own. Both
 * arguments are table aliases; `members` and `messages` are joined by `app_id` and `channel_id` in it.
 */
export const isUnreadSql = (message: string, member: string): string =>
  `${message}.app_id = ${member}.app_id AND ${message}.channel_id = ${member}.channel_id AND ${message}.seq > ${member}.read_seq
   AND ${countsSql(message)} AND ${message}.user_id IS DISTINCT FROM ${member}.user_id`;

/** A scalar: how many messages are unread for the membership with this table alias. */
export const unreadCountSql = (member: string): string =>
  `(SELECT count(*)::int FROM messages unread WHERE ${isUnreadSql('unread', member)})`;

/** A scalar: whether anything is unread for the membership with this table alias. Stops at the first. */
export const hasUnreadSql = (member: string): string =>
  `EXISTS (SELECT 1 FROM messages unread WHERE ${isUnreadSql('unread', member)})`;

/** A joined row with `"unreadCount"` and `"unreadMentions"` of the membership with this table alias; `name` is its own alias. */
export const unreadJoinSql = (member: string, name: string): string =>
  `CROSS JOIN LATERAL (
     SELECT count(*)::int AS "unreadCount", (count(*) FILTER (WHERE ${member}.user_id = ANY (x.mentioned_user_ids)))::int AS "unreadMentions"
       FROM messages x WHERE ${isUnreadSql('x', member)}) ${name}`;

/**
 * Rows of `app_id, channel_id, user_id, "unreadCount", "unreadMentions"`, one for each row of `members` (SQL that gives rows of that table). The same
 * numbers as {@link unreadJoinSql} gives, but each channel is read once for all of its members and not once for each: messages are counted by author
 * between the read pointers there are, and a member's number is what lies behind its pointer less its own.
 */
export const unreadOfManySql = (members: string): string => {
  const behind = `x.app_id = k.app_id AND x.channel_id = k.channel_id AND x.seq > k.marks[1] AND ${countsSql('x')}`;
  return `WITH m AS MATERIALIZED (${members}),
      k AS MATERIALIZED (SELECT app_id, channel_id, array_agg(DISTINCT read_seq ORDER BY read_seq) AS marks FROM m GROUP BY app_id, channel_id),
      p AS MATERIALIZED (SELECT m.app_id, m.channel_id, m.user_id, width_bucket(m.read_seq, k.marks) AS place
        FROM m JOIN k ON k.app_id = m.app_id AND k.channel_id = m.channel_id),
      said AS MATERIALIZED (SELECT x.app_id, x.channel_id, x.user_id, width_bucket(x.seq - 1, k.marks) AS place, count(*) AS n
        FROM k JOIN messages x ON ${behind} GROUP BY 1, 2, 3, 4),
      named AS (SELECT x.app_id, x.channel_id, u.user_id, width_bucket(x.seq - 1, k.marks) AS place, count(*) AS n
        FROM k JOIN messages x ON ${behind} AND cardinality(x.mentioned_user_ids) > 0
          CROSS JOIN LATERAL (SELECT DISTINCT unnest(x.mentioned_user_ids) AS user_id) u WHERE u.user_id IS DISTINCT FROM x.user_id GROUP BY 1, 2, 3, 4),
      spoken AS (SELECT app_id, channel_id, place, sum(n) AS n FROM said GROUP BY 1, 2, 3),
      everything AS (SELECT p.app_id, p.channel_id, p.place, sum(s.n) AS n FROM (SELECT DISTINCT app_id, channel_id, place FROM p) p
        JOIN spoken s ON s.app_id = p.app_id AND s.channel_id = p.channel_id AND s.place >= p.place GROUP BY 1, 2, 3),
      own AS (SELECT p.app_id, p.channel_id, p.user_id, sum(s.n) AS n FROM p
        JOIN said s ON s.app_id = p.app_id AND s.channel_id = p.channel_id AND s.user_id = p.user_id AND s.place >= p.place GROUP BY 1, 2, 3),
      mentions AS (SELECT p.app_id, p.channel_id, p.user_id, sum(s.n) AS n FROM p
        JOIN named s ON s.app_id = p.app_id AND s.channel_id = p.channel_id AND s.user_id = p.user_id AND s.place >= p.place GROUP BY 1, 2, 3)
    SELECT p.app_id, p.channel_id, p.user_id, (coalesce(everything.n, 0) - coalesce(own.n, 0))::int AS "unreadCount",
           coalesce(mentions.n, 0)::int AS "unreadMentions"
      FROM p LEFT JOIN everything USING (app_id, channel_id, place) LEFT JOIN own USING (app_id, channel_id, user_id)
        LEFT JOIN mentions USING (app_id, channel_id, user_id)`;
};

interface UnreadRow extends Unread {
  readonly channelId: string;
}

/** The user's numbers in those of the channels of which it is a member; the others are absent. One statement. */
export async function unreadOf(
  sql: Sql,
  appId: string,
  userId: string,
  channelIds: readonly string[],
): Promise<Map<string, Unread>> {
  const rows = await sql.query<UnreadRow>(
    `SELECT m.channel_id AS "channelId", m.read_seq AS "readSeq", n."unreadCount", n."unreadMentions"
       FROM members m ${unreadJoinSql('m', 'n')}
      WHERE m.app_id = $1 AND m.user_id = $2 AND m.channel_id = ANY ($3) AND m.left_at IS NULL`,
    [appId, userId, channelIds],
  );
  return new Map(rows.map(({ channelId, ...unread }) => [channelId, unread]));
}

/** Totals over all channels of a user. */
export interface UnreadTotals {
  readonly totalUnread: number;
  readonly unreadChannels: number;
  readonly unreadMentions: number;
}

interface TotalsRow extends UnreadTotals {
  readonly appId: string;
  readonly userId: string;
  readonly at: string;
}

/** The totals of each of the users at this moment (`at`), those without memberships too. One statement. */
export function unreadTotals(
  sql: Sql,
  users: readonly { readonly appId: string; readonly userId: string }[],
): Promise<TotalsRow[]> {
  return sql.query<TotalsRow>(
    `-- unread-totals
     SELECT k.app_id AS "appId", k.user_id AS "userId", now()::timestamptz(3) AS at, coalesce(sum(n."unreadCount"), 0)::int AS "totalUnread",
            (count(*) FILTER (WHERE n."unreadCount" > 0))::int AS "unreadChannels", coalesce(sum(n."unreadMentions"), 0)::int AS "unreadMentions"
       FROM unnest($1::text[], $2::text[]) AS k (app_id, user_id) LEFT JOIN (${unreadOfManySql(
         `SELECT m.* FROM unnest($1::text[], $2::text[]) AS k (app_id, user_id) JOIN members m ON m.app_id = k.app_id AND m.user_id = k.user_id
            JOIN channels c ON c.app_id = m.app_id AND c.channel_id = m.channel_id
           WHERE m.left_at IS NULL AND c.deleted_at IS NULL AND c.seq > m.read_seq`,
       )}) n ON n.app_id = k.app_id AND n.user_id = k.user_id
      GROUP BY 1, 2`,
    [users.map((user) => user.appId), users.map((user) => user.userId)],
  );
}
