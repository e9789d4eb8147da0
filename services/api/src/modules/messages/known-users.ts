import { invalidInput, type ParleyError, type User } from '@parley/contracts';
import type { UsersService } from '../users/index.ts';

export const noSuchUser = (field: string, id: string): ParleyError =>
  invalidInput(field, `there is no user ${id}; create it with upsertUsers first`);

/** The users of these ids, in their order. @throws invalid_input */
export async function knownUsers(
  users: Pick<UsersService, 'byIds'>,
  appId: string,
  ids: readonly string[],
  field: string,
): Promise<readonly User[]> {
  const known = ids.length === 0 ? new Map<string, User>() : await users.byIds(appId, ids);
  return ids.map((id) => {
    const user = known.get(id);
    if (user !== undefined) return user;
    throw noSuchUser(field, id);
  });
}
