import type { Channel, Message, User } from '@parley/contracts';
import { invalidInput, isChannelId, isMessageId, isUserId, limits } from '@parley/contracts';
import type { Actor } from '../../platform/actor.ts';
import type { ChannelsService } from '../channels/index.ts';
import type { MessagesService } from '../messages/index.ts';
import type { UsersService } from '../users/index.ts';

export interface NodesService {
  /**
   * The user, channel or message of each id, in the order given; null: there is none, or the actor may not read it. At most six statements, whatever
   * the number. @throws invalid_input
   */
  byIds(actor: Actor, ids: readonly string[]): Promise<readonly (User | Channel | Message | null)[]>;
}

export interface NodesDependencies {
  readonly users: Pick<UsersService, 'readableAmong'>;
  readonly channels: Pick<ChannelsService, 'readableAmong'>;
  readonly messages: Pick<MessagesService, 'readableAmong'>;
}

export function createNodes({ users, channels, messages }: NodesDependencies): NodesService {
  return {
    async byIds(actor, ids) {
      if (ids.length > limits.nodeIds)
        throw invalidInput(
          'ids',
          `at most ${limits.nodeIds} ids a query; ask for the rest in further queries`,
          limits.nodeIds,
        );
      const distinct = [...new Set(ids)];
      const [ofUsers, ofChannels, ofMessages] = await Promise.all([
        among(users, actor, distinct.filter(isUserId)),
        among(channels, actor, distinct.filter(isChannelId)),
        among(messages, actor, distinct.filter(isMessageId)),
      ]);
      // Compared as it is stored: a UUID in capitals names no object, though `message` forgives it.
      return ids.map((id) => ofUsers.get(id) ?? ofChannels.get(id) ?? ofMessages.get(id) ?? null);
    },
  };
}

const among = async <T>(
  source: { readableAmong(actor: Actor, ids: readonly string[]): Promise<Map<string, T>> },
  actor: Actor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, T>> => (ids.length === 0 ? new Map() : await source.readableAmong(actor, ids));
