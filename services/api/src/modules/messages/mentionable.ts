import type { User } from '@parley/contracts';
import type { Actor } from '../../platform/actor.ts';
import type { Sql } from '../../platform/sql.ts';
import type { UsersService } from '../users/service.ts';
import { membersAmong, reachOf, visibleAmong } from '../users/visibility.ts';
import { knownUsers, noSuchUser } from './known-users.ts';

const field = 'mentionedUserIds';

/** Users whom the caller may mention in the channel: its members, and whom the caller may look up. The others are as if they did not exist. @throws invalid_input */
export async function mentionableUsers(
  { sql, users }: { readonly sql: Sql; readonly users: Pick<UsersService, 'byIds'> },
  actor: Actor,
  channelId: string,
  ids: readonly string[],
): Promise<readonly User[]> {
  const { appId } = actor;
  if (ids.length === 0 || reachOf(actor) === 'everybody') return await knownUsers(users, appId, ids, field);
  const [known, visible, members] = await Promise.all([
    knownUsers(users, appId, ids, field),
    visibleAmong(sql, actor, ids),
    membersAmong(sql, appId, channelId, ids),
  ]);
  const stranger = ids.find((id) => !visible.has(id) && !members.has(id));
  if (stranger !== undefined) throw noSuchUser(field, stranger);
  return known;
}
