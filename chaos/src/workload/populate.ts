import type { Tenant } from '../world/tenant.ts';
import type { Cast } from './cast.ts';

const usersPerCall = 100;
const channelsAtOnce = 8;

/** Makes the users and channels of a cast. */
export async function populate(tenant: Tenant, cast: Cast): Promise<void> {
  const users = [...cast.writers, ...cast.subscribers].map(({ userId }) => ({ id: userId, name: userId }));
  for (let at = 0; at < users.length; at += usersPerCall)
    await tenant.server.upsertUsers(users.slice(at, at + usersPerCall));
  const left = [...cast.channels];
  const make = async (): Promise<void> => {
    for (let channel = left.pop(); channel !== undefined; channel = left.pop())
      await tenant.server.createChannel({ type: 'messaging', key: channel.key, memberIds: channel.memberIds });
  };
  await Promise.all(Array.from({ length: channelsAtOnce }, make));
}
