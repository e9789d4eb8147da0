import type { Message, MessageDeleted } from '@parley/contracts';
import { ParleyError } from '@parley/contracts';
import { lacking } from '../../domain/permissions.ts';
import type { Actor } from '../../platform/actor.ts';
import { viewerOf } from '../../platform/actor.ts';
import type { ChannelLog } from '../../platform/channel-log.ts';
import type { MessageLookup, ReadableMessage } from './readable-message.ts';
import { readableMessage } from './readable-message.ts';
import { countReply, deleteForGood, deleteSoftly, loadMessages } from './repository.ts';

export interface DeleteMessageInput {
  readonly messageId: string;
  /** Nothing of the content stays, in the log neither. */
  readonly hard?: boolean | null | undefined;
}

function mayDelete(actor: Actor, { message, access }: ReadableMessage, hard: boolean): void {
  const own = message.user !== null && message.user.id === viewerOf(actor);
  const can = access.capabilities;
  if (!can.has('delete-any-message') && !(own && can.has('delete-own-message'))) {
    throw lacking(own ? 'delete-own-message' : 'delete-any-message', message.channelId);
  }
  if (hard && !can.has('hard-delete-message')) throw lacking('hard-delete-message', message.channelId);
}

/** The message without its content; place and author stay, so that clients can show that something was here. */
const tombstoneOf = (message: Message, at: string): Message => ({
  ...message,
  text: '',
  attachments: [],
  mentionedUsers: [],
  quotedId: null,
  quoted: null,
  reactionGroups: [],
  custom: {},
  deletedAt: message.deletedAt ?? at,
});

/**
 * Softly: a tombstone stays. Hard: the row goes. Either way nothing of the words is read any more, in the log neither, since that keeps none: it shows
 * those of the row. Deleting what is deleted changes nothing.
 */
export async function deleteMessage(
  dependencies: MessageLookup & { readonly log: ChannelLog },
  actor: Actor,
  { messageId, hard: wantsHard }: DeleteMessageInput,
): Promise<Message> {
  const { appId } = actor;
  const hard = wantsHard ?? false;
  const found = await readableMessage(dependencies, actor, messageId, 'delete message');
  mayDelete(actor, found, hard);
  const { id, channelId } = found.message;
  const actorUser = await found.actingUser();
  return dependencies.log.write(appId, channelId, {
    run: async (tx) => {
      const message = (await loadMessages(tx.sql, appId, [id])).get(id);
      if (message === undefined)
        throw new ParleyError('not_found', `unable to delete message; ${id} was deleted for good`);
      const gone = tombstoneOf(message, tx.at);
      if (message.deletedAt !== null && !hard) return gone;
      if (message.deletedAt === null && message.parentId !== null)
        await countReply(tx.sql, appId, message.parentId, -1);
      if (hard) await deleteForGood(tx.sql, appId, id);
      else await deleteSoftly(tx.sql, appId, id, tx.at);
      return tx.append<MessageDeleted>({ __typename: 'MessageDeleted', actor: actorUser, message: gone, hard }).message;
    },
  });
}
