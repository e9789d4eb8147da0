import type { LeaveReason } from '@parley/contracts';
import { unreadJoinSql, unreadOfManySql } from '../../domain/unread-sql.ts';
import { isOnlineSql } from '../../domain/user-json.ts';
import { fenced } from '../../platform/planner-hints.ts';
import type { Sql } from '../../platform/sql.ts';

/** One member's numbers in one channel. */
export interface Bump {
  readonly appId: string;
  readonly channelId: string;
  readonly userId: string;
  readonly seq: number;
  readonly unreadCount: number;
  readonly unreadMentions: number;
  /** The database's time at which these numbers held. */
  readonly at: string;
}

type ChannelKey = Pick<Bump, 'appId' | 'channelId'>;
type MemberKey = Pick<Bump, 'appId' | 'channelId' | 'userId'>;

/** `members`: SQL that gives rows of `members`, cut before anything is counted. */
const bumpSql = (members: string) =>
  `SELECT n.app_id AS "appId", n.channel_id AS "channelId", n.user_id AS "userId", c.seq, n."unreadCount", n."unreadMentions",
          now()::timestamptz(3) AS at
     FROM (${unreadOfManySql(members)}) n CROSS JOIN LATERAL ${fenced(
       `SELECT seq FROM channels WHERE app_id = n.app_id AND channel_id = n.channel_id AND deleted_at IS NULL`,
     )} c
    ORDER BY n.app_id, n.channel_id, n.user_id`;

/**
 * Of the members of these channels who are online, after `after`, by channel and user.
 *
 * Example (of domain/unread-sql.ts), lunch, while ada and eve hold leases: ada → seq 5, 2 unread, 2 mentions; eve → seq 5, 3 unread, 0 mentions. Bob is
 * not counted for.
 */
export const bumpsOfOnline = (
  sql: Sql,
  channels: readonly ChannelKey[],
  after: MemberKey | null,
  limit: number,
): Promise<Bump[]> =>
  sql.query<Bump>(
    `-- bumps-of-online
     ${bumpSql(`SELECT m.* FROM unnest($1::text[], $2::text[]) AS k (app_id, channel_id)
         CROSS JOIN LATERAL ${fenced(`SELECT * FROM members WHERE app_id = k.app_id AND channel_id = k.channel_id AND left_at IS NULL
           AND (app_id, channel_id, user_id) > ($3, $4, $5)`)} m
        WHERE ${isOnlineSql('m')}
        ORDER BY m.app_id, m.channel_id, m.user_id LIMIT $6`)}`,
    [
      channels.map(({ appId }) => appId),
      channels.map(({ channelId }) => channelId),
      after?.appId ?? '',
      after?.channelId ?? '',
      after?.userId ?? '',
      limit,
    ],
  );

/**
 * Of these members, online or not; those who left and channels that are deleted are absent.
 *
 * Example (of domain/unread-sql.ts), bob in lunch, ada and eve in tea: lunch, bob → seq 5, 2 unread, 1 mention; tea, ada → seq 1, 1 unread, 0 mentions. Eve
 * is no member of tea.
 */
export const bumpsOf = (sql: Sql, members: readonly MemberKey[]): Promise<Bump[]> =>
  sql.query<Bump>(
    `-- bumps-of
     ${bumpSql(`SELECT m.* FROM unnest($1::text[], $2::text[], $3::text[]) AS k (app_id, channel_id, user_id)
         CROSS JOIN LATERAL ${fenced(`SELECT * FROM members
           WHERE app_id = k.app_id AND channel_id = k.channel_id AND user_id = k.user_id AND left_at IS NULL`)} m`)}`,
    [members.map(({ appId }) => appId), members.map(({ channelId }) => channelId), members.map(({ userId }) => userId)],
  );

/**
 * Members of a channel, deleted or not, who are online; by user id, after `after`.
 *
 * Example (of domain/unread-sql.ts), lunch, while ada and eve hold leases: ada, eve; after ada: eve.
 */
export async function onlineMembers(
  sql: Sql,
  appId: string,
  channelId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await sql.query<{ userId: string }>(
    `SELECT m.user_id AS "userId" FROM members m
      WHERE m.app_id = $1 AND m.channel_id = $2 AND m.left_at IS NULL AND m.user_id > $3 AND ${isOnlineSql('m')} ORDER BY m.user_id LIMIT $4`,
    [appId, channelId, after, limit],
  );
  return rows.map((row) => row.userId);
}

/** What became of one of the user's channels. */
export interface ChangedChannel {
  readonly channelId: string;
  /** Why the user is no member any more; null: it is one. */
  readonly leftReason: LeaveReason | null;
  readonly joined: boolean;
  readonly seq: number;
  readonly unreadCount: number;
  readonly unreadMentions: number;
  readonly at: string;
}

/** Whose changes are asked for, and from where on. */
export interface ChangesQuestion {
  readonly appId: string;
  readonly userId: string;
  readonly since: string;
  readonly afterChannelId: string;
}

/** What changed, and the database's time at which it was read. */
export interface Changes {
  readonly at: string;
  readonly channels: readonly ChangedChannel[];
}

/**
 * Each user's channels in which anything changed after `since`, by id, after `afterChannelId`, at most `limit` of each. One statement.
 *
 * Example (of domain/unread-sql.ts). Ada asks since 12:00. Lunch grew at 12:30, tea at 11:00, and at 12:40 she was removed from messaging:zoo:
 *
 *   channel   left reason   joined   seq   unread   mentions
 *   lunch     null          false      5        2          2
 *   zoo       removed       false      0        0          0
 */
export async function changedChannels(
  sql: Sql,
  asked: readonly ChangesQuestion[],
  limit: number,
): Promise<readonly Changes[]> {
  if (asked.length === 0) return [];
  const rows = await sql.query<(ChangedChannel | { readonly channelId: null }) & { place: number; readAt: string }>(
    `-- changed-channels
     SELECT q.place::int, now()::timestamptz(3) AS "readAt", x.* FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[])
       WITH ORDINALITY AS q (app_id, user_id, since, after_channel_id, place)
       LEFT JOIN LATERAL (
     SELECT m.channel_id AS "channelId", m.created_at > q.since AS joined, c.seq, n."unreadCount", n."unreadMentions", now()::timestamptz(3) AS at,
            CASE WHEN m.left_at IS NOT NULL THEN coalesce(m.left_reason, 'removed') WHEN c.deleted_at IS NOT NULL THEN 'deleted' END AS "leftReason"
       FROM (SELECT m.* FROM members m JOIN channels c ON c.app_id = m.app_id AND c.channel_id = m.channel_id
              WHERE m.app_id = q.app_id AND m.user_id = q.user_id AND m.channel_id > q.after_channel_id
                AND CASE WHEN m.left_at IS NOT NULL THEN m.left_at > q.since WHEN c.deleted_at IS NOT NULL THEN c.deleted_at > q.since
                         ELSE m.updated_at > q.since OR c.updated_at > q.since OR coalesce(c.head_at > q.since, FALSE) END
              ORDER BY m.channel_id LIMIT $5) m
       JOIN channels c ON c.app_id = m.app_id AND c.channel_id = m.channel_id ${unreadJoinSql('m', 'n')}) x ON TRUE
      ORDER BY q.place, x."channelId"`,
    [
      asked.map(({ appId }) => appId),
      asked.map(({ userId }) => userId),
      asked.map(({ since }) => since),
      asked.map(({ afterChannelId }) => afterChannelId),
      limit,
    ],
  );
  const lists = asked.map((): { at: string; channels: ChangedChannel[] } => ({ at: '', channels: [] }));
  for (const { place, readAt, ...channel } of rows) {
    const list = lists[place - 1];
    if (list === undefined) continue;
    list.at = readAt;
    if (channel.channelId !== null) list.channels.push(channel);
  }
  return lists;
}
