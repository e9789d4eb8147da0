import type { RecentInboxes, Rpc } from '@parley/contracts/bus';
import { databaseNow } from '../../platform/database-time.ts';
import type { LogEpoch } from '../../platform/log-epoch.ts';
import { badCursor, cursorParts, encodeCursor } from '../../platform/page.ts';
import { computedOnce, fenced } from '../../platform/planner-hints.ts';
import { recentWindow } from '../../platform/recent-window.ts';
import type { Sql } from '../../platform/sql.ts';
import { inboxCursor } from './cursor.ts';
import { bumpsOf } from './repository.ts';
import { unreadTotals } from './unread.ts';

export type RecentQuestion = Rpc['inbox.recent']['request'];

export interface RecentDependencies {
  readonly sql: Sql;
  readonly epoch: Pick<LogEpoch, 'current'>;
}

/** Numbers are sent within a second of a change, and later when there are many. */
const quietMs = 5_000;
const membersAtOnce = 1_000;

/** The changes that fan-out should have sent to the users of one node; see `inbox.recent` of the bus. A constant number of statements. @throws invalid_input */
export async function recentInboxes(
  { sql, epoch: { current: epoch } }: RecentDependencies,
  { nodeId, appIds, since: asked, page }: RecentQuestion,
): Promise<RecentInboxes> {
  const at = await databaseNow(sql);
  const { since, until, nextSince } = recentWindow(at, asked, quietMs);
  const answer = { epoch, at, since: nextSince, cursor: inboxCursor(since, epoch) };
  const members =
    asked === null ? [] : await changedMembers(sql, { nodeId, appIds, since, until, after: placeOf(page) });
  if (members.length === 0) return { ...answer, numbers: [], totals: [], next: null };
  const quiet = new Map(members.filter(({ isQuiet }) => isQuiet).map((member) => [userOf(member), member]));
  const [bumps, totals] = await Promise.all([bumpsOf(sql, members), unreadTotals(sql, [...quiet.values()])]);
  const found = new Map(bumps.map((bump) => [memberOf(bump), bump]));
  const last = members.length === membersAtOnce ? members.at(-1) : undefined;
  return {
    ...answer,
    numbers: members.map((member) => {
      const { appId, userId, channelId, changedAt } = member;
      const { seq, unreadCount, unreadMentions } = found.get(memberOf(member)) ?? nothing;
      return {
        appId,
        userId,
        channelId,
        changedAt,
        left: !found.has(memberOf(member)),
        seq,
        unreadCount,
        unreadMentions,
      };
    }),
    totals: totals.map(({ appId, userId, totalUnread, unreadChannels }) => ({
      appId,
      userId,
      totalUnread,
      unreadChannels,
    })),
    next: last === undefined ? null : encodeCursor([last.appId, last.userId, last.channelId]),
  };
}

const nothing = { seq: 0, unreadCount: 0, unreadMentions: 0 };
// No id can hold a slash.
const userOf = ({ appId, userId }: { readonly appId: string; readonly userId: string }) => `${appId}/${userId}`;
const memberOf = (member: { readonly appId: string; readonly userId: string; readonly channelId: string }) =>
  `${userOf(member)}/${member.channelId}`;

type Place = readonly [appId: string, userId: string, channelId: string];

function placeOf(page: string | null): Place {
  if (page === null) return ['', '', ''];
  const [appId, userId, channelId] = cursorParts(page, 'page');
  if (typeof appId !== 'string' || typeof userId !== 'string' || typeof channelId !== 'string') throw badCursor('page');
  return [appId, userId, channelId];
}

/** One user's side of one channel, in which something changed; the user may have left. */
interface ChangedMember {
  readonly appId: string;
  readonly userId: string;
  readonly channelId: string;
  readonly changedAt: string;
  /** Nothing changed lately in any of the user's channels. */
  readonly isQuiet: boolean;
}

interface ChangesQuestion extends Pick<RecentQuestion, 'nodeId' | 'appIds'> {
  readonly since: string;
  readonly until: string;
  readonly after: Place;
}

/**
 * The channels in which something changed between `since` and `until`, for each user with a lease on the node, by key, after `after`.
 *
 * Example (of domain/unread-sql.ts). The node has ada and eve. Asked at 13:00:00 since 12:55:00; lunch grew at 12:57:00, ada was removed from messaging:zoo at
 * 12:59:58, which is not five seconds ago:
 *
 *   user   channel   changed at   quiet
 *   ada    lunch     12:57:00     no: zoo changed just now, so her totals wait for the next round
 *   eve    lunch     12:57:00     yes
 */
const changedMembers = (sql: Sql, { nodeId, appIds, since, until, after }: ChangesQuestion): Promise<ChangedMember[]> =>
  sql.query<ChangedMember>(
    `-- changed-members
     WITH ${computedOnce(
       'here',
       `
         SELECT l.app_id, l.user_id FROM unnest($1::text[]) AS a (app_id) CROSS JOIN LATERAL ${fenced(
           `SELECT * FROM presence_leases WHERE app_id = a.app_id AND node_id = $2 AND expires_at > now()`,
         )} l`,
     )},
       ${computedOnce(
         'grown',
         `
         SELECT e.* FROM unnest($1::text[]) AS a (app_id) CROSS JOIN LATERAL (
             SELECT app_id, channel_id, max(at) AS at FROM channel_events WHERE app_id = a.app_id AND at > $3 GROUP BY 1, 2) e`,
       )},
       changed AS (
         SELECT m.app_id, m.user_id, m.channel_id, g.at FROM grown g CROSS JOIN LATERAL ${fenced(
           `SELECT * FROM members WHERE app_id = g.app_id AND channel_id = g.channel_id AND left_at IS NULL`,
         )} m
           JOIN here h ON h.app_id = m.app_id AND h.user_id = m.user_id
         UNION ALL
         SELECT m.app_id, m.user_id, m.channel_id, m.updated_at FROM here h CROSS JOIN LATERAL ${fenced(
           `SELECT * FROM members WHERE app_id = h.app_id AND user_id = h.user_id AND updated_at > $3`,
         )} m),
       latest AS (
         SELECT app_id, user_id, channel_id, max(at) AS at, max(max(at)) OVER (PARTITION BY app_id, user_id) AS user_at FROM changed GROUP BY 1, 2, 3)
     SELECT app_id AS "appId", user_id AS "userId", channel_id AS "channelId", at AS "changedAt", user_at <= $4 AS "isQuiet"
       FROM latest WHERE at <= $4 AND (app_id, user_id, channel_id) > ($5, $6, $7) ORDER BY app_id, user_id, channel_id LIMIT $8`,
    [appIds, nodeId, since, until, ...after, membersAtOnce],
  );
