import { readUsers } from '../../domain/users-of-events.ts';
import type { Sql } from '../../platform/sql.ts';
import type { Handler } from '../../rpc/handler.ts';
import { recentUsers } from './changed-users.ts';

/** What fan-out asks about the users whom events show. */
export function userHandlers({ sql }: { readonly sql: Sql }) {
  const read: Handler<'users.read'> = async (questions) => {
    const find = await readUsers(
      sql,
      questions.flatMap(({ appId, userIds }) => userIds.map((userId) => ({ appId, userId }))),
    );
    return questions.map(({ appId, userIds }) => ({ users: userIds.flatMap((userId) => find(appId, userId) ?? []) }));
  };

  const recent: Handler<'users.recent'> = (question) => recentUsers(sql, question);

  return { 'users.read': read, 'users.recent': recent };
}
