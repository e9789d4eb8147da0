import type { Message, User } from '@parley/contracts';
import { ParleyError, parseMessageId } from '@parley/contracts';
import type { Actor } from '../../platform/actor.ts';
import { viewerOf } from '../../platform/actor.ts';
import type { Sql } from '../../platform/sql.ts';
import type { ChannelAccess, ChannelAccessService } from '../channels/index.ts';
import type { UsersService } from '../users/index.ts';
import { loadMessages } from './repository.ts';

export interface ReadableMessage {
  readonly message: Message;
  readonly access: ChannelAccess;
  /** Who acts, as events name it; null for a server token without `sub`. */
  actingUser(): Promise<User | null>;
}

export interface MessageLookup {
  readonly sql: Sql;
  readonly access: ChannelAccessService;
  readonly users: Pick<UsersService, 'byIds' | 'visibleAmong'>;
}

/** The message, if the actor may read its channel. One answer for "there is none" and "you may not know". @throws not_found, invalid_input */
export async function readableMessage(
  { sql, access, users }: MessageLookup,
  actor: Actor,
  messageId: string,
  action: string,
): Promise<ReadableMessage> {
  const id = parseMessageId(messageId, 'messageId');
  const message = (await loadMessages(sql, actor.appId, [id])).get(id);
  const seen = message && (await access.capabilities(actor, [message.channelId])).get(message.channelId);
  if (message === undefined || !seen?.capabilities.has('read-channel')) {
    throw new ParleyError('not_found', `unable to ${action}; there is no message ${id} that you may read`);
  }
  return {
    message,
    access: seen,
    async actingUser() {
      const userId = viewerOf(actor);
      if (userId === null) return null;
      // Most messages are changed by their author, whom we have read with them.
      return message.user?.id === userId
        ? message.user
        : ((await users.byIds(actor.appId, [userId])).get(userId) ?? null);
    },
  };
}
