import type { User } from '@parley/contracts';
import { reachOf } from '../../domain/visibility.ts';
import type { Actor } from '../../platform/actor.ts';
import type { Sql } from '../../platform/sql.ts';
import type { UsersService } from '../users/index.ts';
import { knownUsers, noSuchUser } from './known-users.ts';

const field = 'mentionedUserIds';

/** Users whom the caller may mention in the channel: its members, and whom the caller may look up. The others are as if they did not exist. @throws invalid_input */
export async function mentionableUsers(
  { sql, users }: { readonly sql: Sql; readonly users: Pick<UsersService, 'byIds' | 'visibleAmong'> },
  actor: Actor,
  channelId: string,
  ids: readonly string[],
): Promise<readonly User[]> {
  const { appId } = actor;
  if (ids.length === 0 || reachOf(actor) === 'everybody') return await knownUsers(users, appId, ids, field);
  const [known, visible, members] = await Promise.all([
    knownUsers(users, appId, ids, field),
    users.visibleAmong(actor, ids),
    membersAmong(sql, appId, channelId, ids),
  ]);
  const stranger = ids.find((id) => !visible.has(id) && !members.has(id));
  if (stranger !== undefined) throw noSuchUser(field, stranger);
  return known;
}

/** Those of the users who are members of the channel. */
async function membersAmong(
  sql: Sql,
  appId: string,
  channelId: string,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ userId: string }>(
    'SELECT user_id AS "userId" FROM members WHERE app_id = $1 AND channel_id = $2 AND user_id = ANY($3) AND left_at IS NULL',
    [appId, channelId, userIds],
  );
  return new Set(rows.map(({ userId }) => userId));
}
