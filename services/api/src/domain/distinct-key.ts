import { createHash } from 'node:crypto';
import { splitChannelId } from '@parley/contracts';

/** The same for the same set of members, whatever their order. Id characters hold no line break, so the join is unambiguous. */
export const distinctKeyOf = (memberIds: readonly string[]): string =>
  createHash('sha256')
    .update([...memberIds].sort().join('\n'))
    .digest('base64url');

const prefix = '!members-';

/** Whether the channel is a direct conversation: that of a set of people, made without a key. */
export const isDirect = (channelId: string): boolean => splitChannelId(channelId).key.startsWith(prefix);

/** The channel key that this user's own key stands for: users choose theirs without being in the way of one another, or of a back end. */
export const keyOfUser = (userId: string, key: string): string =>
  `!key-${createHash('sha256').update(`${userId}\n${key}`).digest('base64url')}`;

/** The channel key of the set; a new generation follows when the one before was deleted. */
export function keyOfDistinct(distinctKey: string, generation: number): string {
  const digest =
    generation === 0 ? distinctKey : createHash('sha256').update(`${distinctKey}\n${generation}`).digest('base64url');
  return `${prefix}${digest}`;
}
