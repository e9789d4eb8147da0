import { fenced } from '../platform/planner-hints.ts';
import { overlapMs } from '../platform/recent-window.ts';

const overlap = `interval '${overlapMs} milliseconds'`;

/**
 * SQL: the newest `most` users of the app whose profile changed after `since`; expressions. A new user is none of them: whoever was shown it before its first
 * change was shown all of it.
 */
export const changedUsersSql = (appId: string, since: string, most: number): string =>
  fenced(`SELECT * FROM users u WHERE app_id = ${appId} AND ${changedSince('u', since)} AND updated_at > created_at
    ORDER BY updated_at DESC LIMIT ${most}`);

/** SQL: whether the row with this alias was updated since, or shortly before. */
export const changedSince = (alias: string, since: string): string => `${alias}.updated_at > ${since} - ${overlap}`;
