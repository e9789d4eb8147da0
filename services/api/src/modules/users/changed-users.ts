import type { User } from '@parley/contracts';
import type { Rpc } from '@parley/contracts/bus';
import { userJson } from '../../domain/user-json.ts';
import { databaseNow } from '../../platform/database-time.ts';
import { badCursor, cursorParts, encodeCursor } from '../../platform/page.ts';
import { computedOnce, fenced, oneRow } from '../../platform/planner-hints.ts';
import { recentWindow } from '../../platform/recent-window.ts';
import type { Sql } from '../../platform/sql.ts';

type Question = Rpc['users.recent']['request'];
type Answer = Rpc['users.recent']['reply'];

/** Of one answer, which travels in one message of the bus: 30 × 9,400 and 1,500 × 258 bytes. */
const usersAtOnce = 30;
const placesAtOnce = 1_500;
/** A channel with more members tells those who watch it, and nobody's inbox: its list shows none of their names. */
const membersOfInboxChannel = 5_000;

/** Where one user is shown. */
interface Place {
  readonly appId: string;
  readonly userId: string;
  readonly kind: 'channel' | 'viewer';
  readonly id: string;
}

interface Changed {
  readonly appId: string;
  readonly user: User;
}

/** See `users.recent` of the bus. A constant number of statements. @throws invalid_input */
export async function recentUsers(sql: Sql, { nodeId, apps, page }: Question): Promise<Answer> {
  const at = await databaseNow(sql);
  const windows = apps.map(({ appId, since }) => ({ appId, ...recentWindow(at, since, 0) }));
  const { nextSince: since } = recentWindow(at, null, 0);
  const after = placeOf(page);
  const users = await changedUsers(sql, windows, after);
  const last = users.at(-1);
  if (last === undefined) return { since, changed: [], next: null };
  const places = await placesOf(sql, nodeId, users, after);
  const ofUsers = Map.groupBy(places, ({ appId, userId }) => `${appId}/${userId}`);
  return {
    since,
    // Who is in no channel may have written in one that is open to everybody, which the nodes know.
    changed: users.map(({ appId, user }) => {
      const own = ofUsers.get(`${appId}/${user.id}`) ?? [];
      const idsOf = (wanted: Place['kind']) => own.flatMap(({ kind, id }) => (kind === wanted ? [id] : []));
      return { appId, user, channelIds: idsOf('channel'), viewerIds: idsOf('viewer') };
    }),
    next: nextOf(users, places),
  };
}

/** Behind the last place; behind the last user when all of its places are told. Null: that is all. */
function nextOf(users: readonly Changed[], places: readonly Place[]): string | null {
  const [lastUser, lastPlace] = [users.at(-1), places.at(-1)];
  if (places.length === placesAtOnce && lastPlace !== undefined)
    return encodeCursor([lastPlace.appId, lastPlace.userId, lastPlace.kind, lastPlace.id]);
  if (users.length === usersAtOnce && lastUser !== undefined)
    return encodeCursor([lastUser.appId, lastUser.user.id, behindAllKinds, '']);
  return null;
}

type After = readonly [appId: string, userId: string, kind: string, id: string];

const behindAllKinds = '~';

function placeOf(page: string | null): After {
  if (page === null) return ['', '', '', ''];
  const [appId, userId, kind, id] = cursorParts(page, 'page');
  if (typeof appId !== 'string' || typeof userId !== 'string' || typeof kind !== 'string' || typeof id !== 'string')
    throw badCursor('page');
  return [appId, userId, kind, id];
}

/** By app and id, from the one that the last page ended with. */
const changedUsers = (
  sql: Sql,
  windows: readonly { readonly appId: string; readonly since: string }[],
  [appId, userId, kind]: After,
): Promise<readonly Changed[]> =>
  sql.query<Changed>(
    `-- changed-users
     SELECT u.app_id AS "appId", ${userJson('u')} AS user
       FROM unnest($1::text[], $2::timestamptz[]) AS a (app_id, since)
       CROSS JOIN LATERAL ${fenced('SELECT * FROM users WHERE app_id = a.app_id AND updated_at > a.since AND updated_at > created_at')} u
      WHERE (u.app_id, u.user_id) ${kind === behindAllKinds ? '>' : '>='} ($3, $4) ORDER BY u.app_id, u.user_id LIMIT ${usersAtOnce}`,
    [windows.map((window) => window.appId), windows.map(({ since }) => since), appId, userId],
  );

/**
 * Where the users are shown: channels in which they are members or were, and the users with a lease on the node who share one with them.
 *
 * Example: bob is in lunch, with ada and eve, and was in zoo. Ada has a lease on the node, eve on another one → channel lunch, channel zoo, viewer ada.
 */
const placesOf = (sql: Sql, nodeId: string, users: readonly Changed[], after: After): Promise<readonly Place[]> =>
  sql.query<Place>(
    `-- places-of-users
     WITH ${computedOnce('k', 'SELECT * FROM unnest($1::text[], $2::text[]) AS k (app_id, user_id)')},
       ${computedOnce(
         'here',
         `SELECT l.app_id, l.user_id FROM (SELECT DISTINCT app_id FROM k) a CROSS JOIN LATERAL ${fenced(
           `SELECT * FROM presence_leases WHERE app_id = a.app_id AND node_id = $3 AND expires_at > now()`,
         )} l`,
       )},
       ${computedOnce(
         'own',
         `SELECT k.app_id, k.user_id, m.channel_id FROM k CROSS JOIN LATERAL ${fenced(
           'SELECT * FROM members WHERE app_id = k.app_id AND user_id = k.user_id',
         )} m`,
       )},
       places AS (
         SELECT app_id, user_id, 'channel' AS kind, channel_id AS id FROM own
         UNION
         SELECT o.app_id, o.user_id, 'viewer', v.user_id FROM own o
           CROSS JOIN LATERAL ${oneRow('SELECT * FROM channels WHERE app_id = o.app_id AND channel_id = o.channel_id')} c
           CROSS JOIN LATERAL ${fenced(
             'SELECT * FROM members WHERE app_id = o.app_id AND channel_id = o.channel_id AND left_at IS NULL',
           )} v JOIN here h ON h.app_id = v.app_id AND h.user_id = v.user_id
          WHERE c.deleted_at IS NULL AND c.member_count <= ${membersOfInboxChannel}
         UNION
         SELECT k.app_id, k.user_id, 'viewer', k.user_id FROM k JOIN here h ON h.app_id = k.app_id AND h.user_id = k.user_id)
     SELECT app_id AS "appId", user_id AS "userId", kind, id FROM places
      WHERE (app_id, user_id, kind, id) > ($4, $5, $6, $7) ORDER BY app_id, user_id, kind, id LIMIT ${placesAtOnce}`,
    [users.map(({ appId }) => appId), users.map(({ user }) => user.id), nodeId, ...after],
  );
