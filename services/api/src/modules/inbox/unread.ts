import type { Sql } from '../../platform/sql.ts';

/** A member's side of a channel's log. */
export interface Unread {
  readonly readSeq: number;
  readonly unreadCount: number;
  readonly unreadMentions: number;
}

export const nothingUnread: Unread = { readSeq: 0, unreadCount: 0, unreadMentions: 0 };

/**
 * The one definition of unread, as a condition on a message and a membership: after the read pointer, regular, not one's own, in the timeline,
 * not silent, not deleted. Both arguments are table aliases; `members` and `messages` are joined by `app_id` and `channel_id` in it.
 */
export const isUnreadSql = (message: string, member: string): string =>
  `${message}.app_id = ${member}.app_id AND ${message}.channel_id = ${member}.channel_id AND ${message}.seq > ${member}.read_seq
   AND ${message}.kind = 'REGULAR' AND (${message}.parent_id IS NULL OR ${message}.show_in_channel) AND NOT ${message}.silent
   AND ${message}.deleted_at IS NULL AND ${message}.user_id IS DISTINCT FROM ${member}.user_id`;

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
    `SELECT k.app_id AS "appId", k.user_id AS "userId", now()::timestamptz(3) AS at, t.*
       FROM unnest($1::text[], $2::text[]) AS k (app_id, user_id) CROSS JOIN LATERAL (
         SELECT coalesce(sum(n."unreadCount"), 0)::int AS "totalUnread", (count(*) FILTER (WHERE n."unreadCount" > 0))::int AS "unreadChannels",
                coalesce(sum(n."unreadMentions"), 0)::int AS "unreadMentions"
           FROM members m JOIN channels c ON c.app_id = m.app_id AND c.channel_id = m.channel_id ${unreadJoinSql('m', 'n')}
          WHERE m.app_id = k.app_id AND m.user_id = k.user_id AND m.left_at IS NULL AND c.deleted_at IS NULL AND c.seq > m.read_seq) t`,
    [users.map((user) => user.appId), users.map((user) => user.userId)],
  );
}
