import type { Sql } from '../../platform/sql.ts';
import { unreadJoinSql } from './unread.ts';

/** One member's numbers in one channel. */
export interface Bump {
  readonly userId: string;
  readonly seq: number;
  readonly unreadCount: number;
  readonly unreadMentions: number;
  /** The database's time at which these numbers held. */
  readonly at: string;
}

const holdsLease = (member: string) =>
  `EXISTS (SELECT 1 FROM presence_leases l WHERE l.app_id = ${member}.app_id AND l.user_id = ${member}.user_id AND l.expires_at > now())`;

const bumpSql = (which: string) =>
  `SELECT m.user_id AS "userId", c.seq, n."unreadCount", n."unreadMentions", now()::timestamptz(3) AS at
     FROM members m JOIN channels c ON c.app_id = m.app_id AND c.channel_id = m.channel_id AND c.deleted_at IS NULL ${unreadJoinSql('m', 'n')}
    WHERE m.app_id = $1 AND m.channel_id = $2 AND m.left_at IS NULL AND ${which}`;

/** Of members who are online, by user id, after `after`. */
export const bumpsOfOnline = (
  sql: Sql,
  appId: string,
  channelId: string,
  after: string,
  limit: number,
): Promise<Bump[]> =>
  sql.query<Bump>(`${bumpSql(`m.user_id > $3 AND ${holdsLease('m')}`)} ORDER BY m.user_id LIMIT $4`, [
    appId,
    channelId,
    after,
    limit,
  ]);

/** Of these members, online or not. */
export const bumpsOf = (sql: Sql, appId: string, channelId: string, userIds: readonly string[]): Promise<Bump[]> =>
  sql.query<Bump>(bumpSql('m.user_id = ANY ($3)'), [appId, channelId, userIds]);

/** Members of a channel, deleted or not, who are online; by user id, after `after`. */
export async function onlineMembers(
  sql: Sql,
  appId: string,
  channelId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await sql.query<{ userId: string }>(
    `SELECT m.user_id AS "userId" FROM members m
      WHERE m.app_id = $1 AND m.channel_id = $2 AND m.left_at IS NULL AND m.user_id > $3 AND ${holdsLease('m')} ORDER BY m.user_id LIMIT $4`,
    [appId, channelId, after, limit],
  );
  return rows.map((row) => row.userId);
}

export async function databaseTime(sql: Sql): Promise<string> {
  const [row] = await sql.query<{ at: string }>('SELECT now()::timestamptz(3) AS at');
  return row?.at ?? new Date(0).toISOString();
}

/** What became of one of the user's channels. */
export interface ChangedChannel {
  readonly channelId: string;
  /** Why the user is no member any more; null: it is one. */
  readonly leftReason: string | null;
  readonly joined: boolean;
  readonly seq: number;
  readonly unreadCount: number;
  readonly unreadMentions: number;
  readonly at: string;
}

/** The user's channels in which anything changed after `since`, by id, after `afterChannelId`. One statement. */
export function changedChannels(
  sql: Sql,
  appId: string,
  userId: string,
  page: { readonly since: string; readonly afterChannelId: string; readonly limit: number },
): Promise<ChangedChannel[]> {
  return sql.query<ChangedChannel>(
    `SELECT m.channel_id AS "channelId", m.created_at > $3 AS joined, c.seq, n."unreadCount", n."unreadMentions", now()::timestamptz(3) AS at,
            CASE WHEN m.left_at IS NOT NULL THEN coalesce(m.left_reason, 'removed') WHEN c.deleted_at IS NOT NULL THEN 'deleted' END AS "leftReason"
       FROM (SELECT m.* FROM members m JOIN channels c ON c.app_id = m.app_id AND c.channel_id = m.channel_id
              WHERE m.app_id = $1 AND m.user_id = $2 AND m.channel_id > $4
                AND CASE WHEN m.left_at IS NOT NULL THEN m.left_at > $3 WHEN c.deleted_at IS NOT NULL THEN c.deleted_at > $3
                         ELSE m.updated_at > $3 OR c.updated_at > $3 OR coalesce(c.head_at > $3, FALSE) END
              ORDER BY m.channel_id LIMIT $5) m
       JOIN channels c ON c.app_id = m.app_id AND c.channel_id = m.channel_id ${unreadJoinSql('m', 'n')}
      ORDER BY m.channel_id`,
    [appId, userId, page.since, page.afterChannelId, page.limit],
  );
}
