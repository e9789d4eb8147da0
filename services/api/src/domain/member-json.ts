import { isoTime, userJsonOf } from './user-json.ts';

/** SQL: a row of `members` in the shape of the contracts' Member. */
export const memberJson = (alias: string): string => `json_build_object(
  'user', ${userJsonOf(`${alias}.app_id`, `${alias}.user_id`)}, 'role', ${alias}.role,
  'createdAt', ${isoTime(`${alias}.created_at`)}, 'custom', ${alias}.custom)`;
