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
 * between the read pointers there are (`marks`), and a member's number is the sum of what lies behind its pointer less its own. The sums are taken over
 * one sorted list of members and counts, and messages are looked up channel by channel, so that the cost does not hang on what the planner knows of the tables.
 */
export const unreadOfManySql = (members: string): string => {
  const behind = `x.app_id = k.app_id AND x.channel_id = k.channel_id AND x.seq > k.marks[1] AND ${countsSql('x')}`;
  const mark = 'k.marks[width_bucket(x.seq - 1, k.marks)]';
  return `WITH m AS MATERIALIZED (${members}),
      k AS MATERIALIZED (SELECT app_id, channel_id, array_agg(DISTINCT read_seq ORDER BY read_seq) AS marks FROM m GROUP BY app_id, channel_id),
      listed AS (
        SELECT app_id, channel_id, user_id, read_seq AS mark, TRUE AS asked, 0 AS said, 0 AS named FROM m
        UNION ALL
        SELECT k.app_id, k.channel_id, s.* FROM k CROSS JOIN LATERAL (
          SELECT x.user_id, ${mark} AS mark, FALSE, count(*)::int, 0 FROM messages x WHERE ${behind} GROUP BY 1, 2) s
        UNION ALL
        SELECT k.app_id, k.channel_id, s.* FROM k CROSS JOIN LATERAL (
          SELECT u.user_id, ${mark} AS mark, FALSE, 0, count(*)::int FROM messages x CROSS JOIN LATERAL (SELECT DISTINCT unnest(x.mentioned_user_ids) AS user_id) u
           WHERE ${behind} AND cardinality(x.mentioned_user_ids) > 0 AND u.user_id IS DISTINCT FROM x.user_id GROUP BY 1, 2) s)
    SELECT app_id, channel_id, user_id, "unreadCount", "unreadMentions" FROM (
      SELECT app_id, channel_id, user_id, asked, (sum(said) OVER (everybody) - sum(said) OVER (own))::int AS "unreadCount", (sum(named) OVER (own))::int AS "unreadMentions"
        FROM listed WINDOW everybody AS (PARTITION BY app_id, channel_id ORDER BY mark DESC), own AS (PARTITION BY app_id, channel_id, user_id ORDER BY mark DESC)) summed
     WHERE asked`;
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
         `SELECT m.* FROM unnest($1::text[], $2::text[]) AS k (app_id, user_id)
            CROSS JOIN LATERAL (SELECT * FROM members WHERE app_id = k.app_id AND user_id = k.user_id AND left_at IS NULL OFFSET 0) m
            CROSS JOIN LATERAL (SELECT 1 FROM channels
              WHERE app_id = m.app_id AND channel_id = m.channel_id AND deleted_at IS NULL AND seq > m.read_seq OFFSET 0) c`,
       )}) n ON n.app_id = k.app_id AND n.user_id = k.user_id
      GROUP BY 1, 2`,
    [users.map((user) => user.appId), users.map((user) => user.userId)],
  );
}
