import { computedOnce } from '../platform/planner-hints.ts';

/*
 * The example of all queries of unread numbers, here and in the inbox; modules/inbox/worked-example.test.ts runs it.
 *
 *   messaging:lunch          seq  1        2           3              4               5
 *                            from ada      bob, @ada   bob, silent    eve, @ada @bob  ada
 *   read up to                    eve: 0, ada: 1, bob: 2
 *   messaging:tea            seq  1 from bob; read up to: ada: 0, bob: 1
 */

/** Whether the message with this table alias counts as unread for anybody: regular, in the timeline, not silent, not deleted. */
const countsSql = (message: string): string =>
  `${message}.kind = 'REGULAR' AND (${message}.parent_id IS NULL OR ${message}.show_in_channel) AND NOT ${message}.silent AND ${message}.deleted_at IS NULL`;

/**
 * The one definition of unread, as a condition on a message and a membership: it counts, comes after the read pointer and is not one's own. Both
 * arguments are table aliases; `members` and `messages` are joined by `app_id` and `channel_id` in it.
 *
 * Example: of lunch, 2 and 4 are unread for ada (1 is read, 3 is silent, 5 is her own), 4 and 5 for bob, and 1, 2 and 5 for eve.
 */
export const isUnreadSql = (message: string, member: string): string =>
  `${message}.app_id = ${member}.app_id AND ${message}.channel_id = ${member}.channel_id AND ${message}.seq > ${member}.read_seq
   AND ${countsSql(message)} AND ${message}.user_id IS DISTINCT FROM ${member}.user_id`;

/** A scalar: how many messages are unread for the membership with this table alias. Example: in lunch 2 for ada, 2 for bob, 3 for eve; in tea 0 for bob. */
export const unreadCountSql = (member: string): string =>
  `(SELECT count(*)::int FROM messages unread WHERE ${isUnreadSql('unread', member)})`;

/** A scalar: whether anything is unread for the membership with this table alias. Stops at the first. Example: true for ada in tea, false for bob there. */
export const hasUnreadSql = (member: string): string =>
  `EXISTS (SELECT 1 FROM messages unread WHERE ${isUnreadSql('unread', member)})`;

/**
 * A joined row with `"unreadCount"` and `"unreadMentions"` of the membership with this table alias; `name` is its own alias. Example, in lunch: 2 and 2 for
 * ada, 2 and 1 for bob, 3 and 0 for eve.
 */
export const unreadJoinSql = (member: string, name: string): string =>
  `CROSS JOIN LATERAL (
     SELECT count(*)::int AS "unreadCount", (count(*) FILTER (WHERE ${member}.user_id = ANY (x.mentioned_user_ids)))::int AS "unreadMentions"
       FROM messages x WHERE ${isUnreadSql('x', member)}) ${name}`;

/**
 * Rows of `app_id, channel_id, user_id, "unreadCount", "unreadMentions"`, one for each row of `members` (SQL that gives rows of that table). The same
 * numbers as {@link unreadJoinSql} gives, but each channel is read once for all of its members and not once for each: messages are counted by author
 * between the read pointers there are (`marks`), and a member's number is the sum of what lies behind its pointer less its own. The sums are taken over
 * one sorted list of members and counts, and messages are looked up channel by channel, so that the cost does not depend on what the planner knows of the tables.
 *
 * Example: the marks of lunch are 0, 1 and 2. A message counts for every pointer up to its mark, which is the last one before the message:
 *
 *   mark  counted messages (author)   sum from the top   asked here   less own       unread
 *      2  4 (eve), 5 (ada)                           2   bob          0                   2
 *      1  2 (bob)                                    3   ada          1: her 5            2
 *      0  1 (ada)                                    4   eve          1: her 4            3
 *
 * Mentions are summed in the same way over the rows of the member alone: ada has one at mark 2 and one at mark 1, bob one at mark 2.
 */
export const unreadOfManySql = (members: string): string => {
  const behind = `x.app_id = k.app_id AND x.channel_id = k.channel_id AND x.seq > k.marks[1] AND ${countsSql('x')}`;
  const mark = 'k.marks[width_bucket(x.seq - 1, k.marks)]';
  return `WITH ${computedOnce('m', members)},
      ${computedOnce('k', 'SELECT app_id, channel_id, array_agg(DISTINCT read_seq ORDER BY read_seq) AS marks FROM m GROUP BY app_id, channel_id')},
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
