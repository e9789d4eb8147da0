import { mapEach, mapUserOfChannel, mapUserOfMember, mapUsersOfMessage, type User } from '@parley/contracts';
import { sameFields } from '../lib/same-fields.ts';
import { newerUser } from '../users/newer-user.ts';
import type { ChannelSummary } from './channel-list.ts';

/** The channel with the user as it is now, wherever it shows in it; the same object when it does not. */
export function withUser(item: ChannelSummary, user: User): ChannelSummary {
  const map = newerUser(user);
  const { data, lastMessage, membership, members } = item;
  const changed = {
    ...item,
    data: mapUserOfChannel(data, map),
    lastMessage: lastMessage === null ? null : mapUsersOfMessage(lastMessage, map),
    membership: membership === null ? null : mapUserOfMember(membership, map),
    members: mapEach(members, (member) => mapUserOfMember(member, map)),
  };
  return sameFields(item, changed) ? item : changed;
}
