import { unreadJoinSql, unreadOfManySql } from '../../domain/unread-sql.ts';
import { fenced } from '../../platform/planner-hints.ts';
import type { Sql } from '../../platform/sql.ts';

/** A member's side of a channel's log. */
export interface Unread {
  readonly readSeq: number;
  readonly unreadCount: number;
  readonly unreadMentions: number;
}

export const nothingUnread: Unread = { readSeq: 0, unreadCount: 0, unreadMentions: 0 };

interface UnreadRow extends Unread {
  readonly channelId: string;
}

/**
 * The user's numbers in those of the channels of which it is a member; the others are absent. One statement.
 *
 * Example (of domain/unread-sql.ts), eve in lunch and tea: lunch → read to 0, 3 unread, 0 mentions; tea is absent.
 */
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

/**
 * The totals of each of the users at this moment (`at`), those without memberships too, in the order asked for; a user may be asked for more than once. One
 * statement.
 *
 * Example (of domain/unread-sql.ts):
 *
 *   user   lunch   tea   total unread   channels with unread   mentions
 *   ada        2     1              3                      2          2
 *   bob        2     0              2                      1          1
 *   joe        –     –              0                      0          0
 */
export async function unreadTotals(
  sql: Sql,
  users: readonly { readonly appId: string; readonly userId: string }[],
): Promise<readonly TotalsRow[]> {
  const distinct = [...new Map(users.map((user) => [keyOf(user), user])).values()];
  const rows = await sql.query<TotalsRow>(
    `-- unread-totals
     SELECT k.app_id AS "appId", k.user_id AS "userId", now()::timestamptz(3) AS at, coalesce(sum(n."unreadCount"), 0)::int AS "totalUnread",
            (count(*) FILTER (WHERE n."unreadCount" > 0))::int AS "unreadChannels", coalesce(sum(n."unreadMentions"), 0)::int AS "unreadMentions"
       FROM unnest($1::text[], $2::text[]) AS k (app_id, user_id) LEFT JOIN (${unreadOfManySql(
         `SELECT m.* FROM unnest($1::text[], $2::text[]) AS k (app_id, user_id)
            CROSS JOIN LATERAL ${fenced('SELECT * FROM members WHERE app_id = k.app_id AND user_id = k.user_id AND left_at IS NULL')} m
            CROSS JOIN LATERAL ${fenced(`SELECT 1 FROM channels
              WHERE app_id = m.app_id AND channel_id = m.channel_id AND deleted_at IS NULL AND seq > m.read_seq`)} c`,
       )}) n ON n.app_id = k.app_id AND n.user_id = k.user_id
      GROUP BY 1, 2`,
    [distinct.map((user) => user.appId), distinct.map((user) => user.userId)],
  );
  // A group has no place: the database gives them in any order.
  const ofUsers = new Map(rows.map((row) => [keyOf(row), row]));
  return users.flatMap((user) => ofUsers.get(keyOf(user)) ?? []);
}

// No id can hold a slash.
const keyOf = ({ appId, userId }: { readonly appId: string; readonly userId: string }): string => `${appId}/${userId}`;
