import type { PresenceChanged } from '@parley/contracts';
import type { Sql } from '../../platform/sql.ts';
import type { UserOfApp } from './service.ts';

const appIds = (users: readonly UserOfApp[]) => users.map((user) => user.appId);
const userIds = (users: readonly UserOfApp[]) => users.map((user) => user.userId);
const given = `unnest($1::text[], $2::text[]) AS k (app_id, user_id)`;
const person = `app_id AS "appId", user_id AS "userId"`;

/**
 * Prolongs the leases of this node, and takes one for each user whom another node's lease keeps online: that of a node that died does for 30 s, in
 * which all its users come back. Resolves with the users who hold one now: they were online and stay so, so nobody is notified.
 */
export function prolong(sql: Sql, users: readonly UserOfApp[], nodeId: string, ttlMs: number): Promise<UserOfApp[]> {
  return sql.query<UserOfApp>(
    // The lease that is relied on is locked: whoever wants to end it waits, and then sees the new one. One that somebody else has in hand may be
    // about to end, and is not relied on; so nobody waits here, and no two calls wait for each other.
    `-- prolong-leases
     WITH held AS (
       SELECT l.app_id, l.user_id FROM presence_leases l JOIN ${given} ON l.app_id = k.app_id AND l.user_id = k.user_id
        WHERE l.expires_at > now() FOR UPDATE OF l SKIP LOCKED)
     INSERT INTO presence_leases (app_id, user_id, node_id, expires_at)
     SELECT DISTINCT h.app_id, h.user_id, $3, now() + make_interval(secs => $4::float8 / 1000) FROM held h ORDER BY 1, 2
     ON CONFLICT (app_id, user_id, node_id) DO UPDATE SET expires_at = EXCLUDED.expires_at
     RETURNING app_id AS "appId", user_id AS "userId"`,
    [appIds(users), userIds(users), nodeId, ttlMs],
  );
}

/**
 * Locks the users' rows until the transaction ends; whoever changes whether a user is online holds this lock, so that what is published about one
 * user goes out in the order of the changes. Unknown users are made.
 */
export async function lockUsers(sql: Sql, users: readonly UserOfApp[]): Promise<void> {
  const params = [appIds(users), userIds(users)];
  await sql.query(
    `INSERT INTO users (app_id, user_id) SELECT k.app_id, k.user_id FROM ${given} ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
    params,
  );
  await sql.query(
    `SELECT 1 FROM users u JOIN ${given} ON u.app_id = k.app_id AND u.user_id = k.user_id ORDER BY u.app_id, u.user_id FOR UPDATE OF u`,
    params,
  );
}

/** Those of the users who hold no lease that has not run out, on any node. */
export function withoutLease(sql: Sql, users: readonly UserOfApp[]): Promise<UserOfApp[]> {
  return sql.query<UserOfApp>(
    `SELECT DISTINCT k.app_id AS "appId", k.user_id AS "userId" FROM ${given}
      WHERE NOT EXISTS (SELECT 1 FROM presence_leases l WHERE l.app_id = k.app_id AND l.user_id = k.user_id AND l.expires_at > now())`,
    [appIds(users), userIds(users)],
  );
}

export async function addLeases(sql: Sql, users: readonly UserOfApp[], nodeId: string, ttlMs: number): Promise<void> {
  await sql.query(
    `INSERT INTO presence_leases (app_id, user_id, node_id, expires_at)
     SELECT DISTINCT k.app_id, k.user_id, $3, now() + make_interval(secs => $4::float8 / 1000) FROM ${given} ORDER BY 1, 2
     ON CONFLICT (app_id, user_id, node_id) DO UPDATE SET expires_at = EXCLUDED.expires_at`,
    [appIds(users), userIds(users), nodeId, ttlMs],
  );
}

/** Resolves with those who held one. */
export function removeLeases(sql: Sql, users: readonly UserOfApp[], nodeId: string): Promise<UserOfApp[]> {
  return sql.query<UserOfApp>(
    `DELETE FROM presence_leases l USING ${given} WHERE l.app_id = k.app_id AND l.user_id = k.user_id AND l.node_id = $3
     RETURNING l.app_id AS "appId", l.user_id AS "userId"`,
    [appIds(users), userIds(users), nodeId],
  );
}

/** Users with a lease that ran out, whom nobody else has in hand. They are locked until the transaction ends. */
export function takeExpired(sql: Sql, limit: number): Promise<UserOfApp[]> {
  return sql.query<UserOfApp>(
    `SELECT ${person} FROM users u
      WHERE (u.app_id, u.user_id) IN (SELECT l.app_id, l.user_id FROM presence_leases l WHERE l.expires_at <= now() LIMIT $1)
      ORDER BY u.app_id, u.user_id FOR UPDATE SKIP LOCKED`,
    [limit],
  );
}

/** Resolves with those who held one, a user for each. */
export function removeExpired(sql: Sql, users: readonly UserOfApp[]): Promise<UserOfApp[]> {
  return sql.query<UserOfApp>(
    `DELETE FROM presence_leases l USING ${given} WHERE l.app_id = k.app_id AND l.user_id = k.user_id AND l.expires_at <= now()
     RETURNING l.app_id AS "appId", l.user_id AS "userId"`,
    [appIds(users), userIds(users)],
  );
}

interface SeenRow extends UserOfApp {
  readonly lastActiveAt: string;
}

/** Notes that the users were active until now. */
export function markActive(sql: Sql, users: readonly UserOfApp[]): Promise<SeenRow[]> {
  return sql.query<SeenRow>(
    `UPDATE users u SET last_active_at = now() FROM ${given} WHERE u.app_id = k.app_id AND u.user_id = k.user_id
     RETURNING u.app_id AS "appId", u.user_id AS "userId", u.last_active_at AS "lastActiveAt"`,
    [appIds(users), userIds(users)],
  );
}

interface PresenceRow {
  readonly list: number;
  readonly userId: string;
  readonly online: boolean;
  readonly lastActiveAt: string | null;
}

/** Each list in the order asked for, in one statement; an unknown user is offline and was never there. */
export async function readPresence(
  sql: Sql,
  lists: readonly { readonly appId: string; readonly userIds: readonly string[] }[],
): Promise<PresenceChanged[][]> {
  if (lists.length === 0) return [];
  const asked = lists.flatMap(({ appId, userIds: ids }, list) => ids.map((userId) => ({ list, appId, userId })));
  const rows = await sql.query<PresenceRow>(
    `-- read-presence
     SELECT k.list, k.user_id AS "userId", u.last_active_at AS "lastActiveAt",
            EXISTS (SELECT 1 FROM presence_leases l WHERE l.app_id = k.app_id AND l.user_id = k.user_id AND l.expires_at > now()) AS online
       FROM unnest($1::int[], $2::text[], $3::text[]) WITH ORDINALITY AS k (list, app_id, user_id, place)
       LEFT JOIN users u ON u.app_id = k.app_id AND u.user_id = k.user_id ORDER BY k.place`,
    [asked.map(({ list }) => list), appIds(asked), userIds(asked)],
  );
  const states = lists.map((): PresenceChanged[] => []);
  for (const { list, ...state } of rows) states[list]?.push({ __typename: 'PresenceChanged', ...state });
  return states;
}
