import { randomUUID } from 'node:crypto';
import type { Message, MessageCreated, User } from '@parley/contracts';
import { invalidInput, ParleyError } from '@parley/contracts';
import { channelId as anyChannelId, messageId, orNull, parseWith } from '@parley/schemas';
import { z } from 'zod';
import type { Actor } from '../../platform/actor.ts';
import { viewerOf } from '../../platform/actor.ts';
import type { InsertTransaction } from '../../platform/channel-command.ts';
import type { ChannelLog, ChannelTransaction } from '../../platform/channel-log.ts';
import type { Sql } from '../../platform/sql.ts';
import { knownUsers } from './known-users.ts';
import { mentionableUsers } from './mentionable.ts';
import type { MessageContentInput } from './message-input.ts';
import { contentFields, contentHash, contentWith, noContent } from './message-input.ts';
import { messageRows } from './message-rows.ts';
import type { MessageLookup } from './readable-message.ts';
import type { MessageDraft } from './repository.ts';
import { contentHashOf, countReply, insertMessage, loadMessages } from './repository.ts';

export interface SendMessageInput extends MessageContentInput {
  readonly channelId: string;
  /** A UUID chosen by the sender. Without it the send cannot be repeated safely. */
  readonly id?: string | null | undefined;
  readonly parentId?: string | null | undefined;
  readonly quotedId?: string | null | undefined;
}

const sendInput = z.object({
  channelId: anyChannelId,
  id: orNull(messageId),
  parentId: orNull(messageId),
  quotedId: orNull(messageId),
  ...contentFields,
});

/** The same for a message that does not exist and for one elsewhere, which the sender may not know of. */
const notInChannel = (field: string, id: string) =>
  new ParleyError('not_found', `unable to send message; there is no message ${id} in this channel`, { field });

async function checkParent(sql: Sql, appId: string, channelId: string, parentId: string | null): Promise<void> {
  if (parentId === null) return;
  const parent = (await loadMessages(sql, appId, [parentId])).get(parentId);
  if (parent?.channelId !== channelId) throw notInChannel('parentId', parentId);
  if (parent.parentId !== null) throw invalidInput('parentId', 'a reply names a message that is not itself a reply');
}

/** Read while the channel is locked: what was deleted for good a moment ago must not come back as a quote. @throws not_found */
async function quotedIn(tx: ChannelTransaction, quotedId: string | null): Promise<Message | null> {
  if (quotedId === null) return null;
  const quoted = (await loadMessages(tx.sql, tx.channel.appId, [quotedId])).get(quotedId);
  if (quoted?.channelId === tx.channel.channelId) return { ...quoted, quoted: null };
  throw notInChannel('quotedId', quotedId);
}

interface Around {
  readonly user: User | null;
  readonly mentionedUsers: readonly User[];
  readonly quoted: Message | null;
}

const messageOf = (
  { id, channelId, seq, kind, content, parentId, quotedId, at }: MessageDraft,
  around: Around,
): Message => ({
  id,
  channelId,
  seq,
  kind,
  ...around,
  text: content.text,
  attachments: content.attachments,
  parentId,
  quotedId,
  replyCount: 0,
  reactionGroups: [],
  ownReactions: null,
  custom: content.custom,
  createdAt: at,
  editedAt: null,
  deletedAt: null,
});

/** What the first send under this id gave, if it was the same. @throws conflict */
async function firstResult(tx: ChannelTransaction, { id, hash }: MessageDraft): Promise<Message> {
  const { appId } = tx.channel;
  const first = (await loadMessages(tx.sql, appId, [id])).get(id);
  if (first !== undefined && (await contentHashOf(tx.sql, appId, id)) === hash) return first;
  const why = first === undefined ? 'is that of something else' : 'was used for another message';
  throw new ParleyError('conflict', `unable to send message; the id ${id} ${why}, send it with another UUID`, {
    field: 'id',
  });
}

/** Sends: what can be read beforehand is, so that what is left, unless it quotes, is a row that shares its insert with others. */
export async function sendMessage(
  { sql, access, users, log }: MessageLookup & { readonly log: ChannelLog },
  actor: Actor,
  input: SendMessageInput,
): Promise<Message> {
  const { appId } = actor;
  const { channelId, parentId, quotedId, ...said } = parseWith(sendInput, input);
  const id = said.id ?? randomUUID();
  const content = contentWith(said, noContent);
  const userId = viewerOf(actor);

  const { membership } = await access.check(actor, channelId, parentId === null ? 'send-message' : 'send-reply');
  const [[user = null], mentionedUsers] = await Promise.all([
    membership ? [membership.user] : knownUsers(users, appId, userId === null ? [] : [userId], 'userId'),
    mentionableUsers({ sql, users }, actor, channelId, content.mentionedUserIds),
    checkParent(sql, appId, channelId, parentId),
  ]);

  const kind = userId === null ? 'SYSTEM' : 'REGULAR';
  const hash = contentHash(userId, channelId, content, { parentId, quotedId });
  const draftAt = (seq: number, at: string): MessageDraft => ({
    id,
    channelId,
    seq,
    kind,
    userId,
    content,
    parentId,
    quotedId,
    hash,
    at,
  });
  const announced = (tx: Pick<ChannelTransaction, 'append' | 'patch'>, draft: MessageDraft, quoted: Message | null) => {
    if (parentId === null) tx.patch({ lastMessageAt: draft.at });
    const message = messageOf(draft, { user, mentionedUsers, quoted });
    return tx.append<MessageCreated>({ __typename: 'MessageCreated', actor: user, message }).message;
  };
  const asRow = (tx: InsertTransaction) => {
    const draft = draftAt(tx.nextSeq, tx.at);
    return { row: { appId, draft }, value: announced(tx, draft, null) };
  };

  return log.write(appId, channelId, {
    // A quote is read under the lock, so a message with one is more than a row.
    ...(quotedId === null ? { insert: { rows: messageRows, key: id, write: asRow } } : {}),
    async run(tx) {
      const draft = draftAt(tx.nextSeq, tx.at);
      const quoted = await quotedIn(tx, quotedId);
      if (!(await insertMessage(tx.sql, appId, draft))) return firstResult(tx, draft);
      if (parentId !== null) await countReply(tx.sql, appId, parentId, 1);
      return announced(tx, draft, quoted);
    },
  });
}
