import { oneRow } from '../platform/planner-hints.ts';

/** SQL: a timestamptz as ISO 8601 with milliseconds, UTC; null stays null. */
export const isoTime = (expression: string): string =>
  `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** SQL: whether the user of a row with this alias holds a lease, by a look at the leases of that user alone. */
export const isOnlineSql = (alias: string): string =>
  `COALESCE(${oneRow(`SELECT TRUE FROM presence_leases lease WHERE lease.app_id = ${alias}.app_id AND lease.user_id = ${alias}.user_id
     AND lease.expires_at > now()`)}, FALSE)`;

/** SQL: a row of `users` in the shape of the contracts' User. `alias` is the row's name in the query. */
export const userJson = (alias: string): string => `json_build_object(
  'id', ${alias}.user_id, 'name', ${alias}.name, 'image', ${alias}.image, 'role', ${alias}.role, 'custom', ${alias}.custom,
  'online', ${isOnlineSql(alias)},
  'lastActiveAt', ${isoTime(`${alias}.last_active_at`)}, 'createdAt', ${isoTime(`${alias}.created_at`)},
  'updatedAt', ${isoTime(`${alias}.updated_at`)}, 'deletedAt', ${isoTime(`${alias}.deleted_at`)})`;

/** SQL: the User with this id, or null. The arguments are SQL expressions. */
export const userJsonOf = (appId: string, userId: string): string =>
  `(SELECT ${userJson('owner')} FROM users owner WHERE owner.app_id = ${appId} AND owner.user_id = ${userId})`;
