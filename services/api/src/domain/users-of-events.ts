import { type LoggedEvent, mapUsersOfEvent, type User } from '@parley/contracts';
import type { Sql } from '../platform/sql.ts';
import type { WholeEvents } from '../platform/whole-events.ts';
import { userJson } from './user-json.ts';

/** A user by its app and id. */
interface UserOfApp {
  readonly appId: string;
  readonly userId: string;
}

/** Reads users of any apps in one statement, none for nobody. The function that it resolves with gives undefined for one whom nobody knows. */
export async function readUsers(
  sql: Sql,
  wanted: readonly UserOfApp[],
): Promise<(appId: string, userId: string) => User | undefined> {
  const distinct = [...new Map(wanted.map((user) => [keyOf(user.appId, user.userId), user])).values()];
  if (distinct.length === 0) return () => undefined;
  const rows = await sql.query<{ readonly appId: string; readonly user: User }>(
    `-- users-of-apps
     SELECT u.app_id AS "appId", ${userJson('u')} AS user FROM unnest($1::text[], $2::text[]) AS k (app_id, user_id)
       JOIN users u ON u.app_id = k.app_id AND u.user_id = k.user_id`,
    [distinct.map(({ appId }) => appId), distinct.map(({ userId }) => userId)],
  );
  const found = new Map(rows.map(({ appId, user }) => [keyOf(appId, user.id), user]));
  return (appId, userId) => found.get(keyOf(appId, userId));
}

/** See {@link WholeEvents.withUsers}. */
export const withUsersOfNow: WholeEvents['withUsers'] = async (sql, logs) => {
  const wanted: UserOfApp[] = [];
  for (const { appId, events } of logs)
    for (const event of events)
      mapUsersOfEvent(event, (user) => {
        wanted.push({ appId, userId: user.id });
        return user;
      });
  const find = await readUsers(sql, wanted);
  return logs.map(({ appId, events }) =>
    events.map((event) => mapUsersOfEvent(event, ({ id }) => find(appId, id) ?? nobody(id, event))),
  );
};

// No id can hold a slash.
const keyOf = (appId: string, userId: string): string => `${appId}/${userId}`;

/** A user whose row is gone: rows of users stay, so somebody has repaired the database by hand. */
const nobody = (id: string, { at }: Pick<LoggedEvent, 'at'>): User => ({
  id,
  name: null,
  image: null,
  role: 'user',
  custom: {},
  online: false,
  lastActiveAt: null,
  createdAt: at,
  updatedAt: at,
  deletedAt: at,
});
