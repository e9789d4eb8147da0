import type { Message, MessageUpdated } from '@parley/contracts';
import { invalidInput, ParleyError, parseMessageId } from '@parley/contracts';
import { lacking } from '../../domain/permissions.ts';
import type { Actor } from '../../platform/actor.ts';
import { viewerOf } from '../../platform/actor.ts';
import type { ChannelLog, ChannelTransaction } from '../../platform/channel-log.ts';
import type { Page } from '../../platform/page.ts';
import type { Sql } from '../../platform/sql.ts';
import type { ChannelAccessService } from '../channels/index.ts';
import type { UsersService } from '../users/index.ts';
import type { DeleteMessageInput } from './delete-message.ts';
import { deleteMessage } from './delete-message.ts';
import type { HistoryQuery, Thread } from './history.ts';
import { historiesAround, historyPages, pageRangeOf } from './history.ts';
import { mentionableUsers } from './mentionable.ts';
import type { MessageContentInput } from './message-input.ts';
import { contentWith, parseContent, sameContent } from './message-input.ts';
import type { ReadableMessage } from './readable-message.ts';
import { readableMessage } from './readable-message.ts';
import { lastMessages, loadMessages, loadQuoted, updateContent } from './repository.ts';
import type { SendMessageInput } from './send-message.ts';
import { sendMessage } from './send-message.ts';

export interface UpdateMessageInput extends MessageContentInput {
  readonly messageId: string;
}

export interface MessagesService {
  /**
   * The same id and content again gives the first result, at the same `seq`.
   * @throws forbidden, invalid_input, conflict (the id was used for something else)
   */
  send(actor: Actor, input: SendMessageInput): Promise<Message>;
  /** An edit that changes nothing is no event. @throws not_found, forbidden, invalid_input */
  update(actor: Actor, input: UpdateMessageInput): Promise<Message>;
  /** @throws not_found, forbidden */
  remove(actor: Actor, input: DeleteMessageInput): Promise<Message>;
  /** The message with what the actor may do to it. `action` completes "unable to …". @throws not_found, invalid_input */
  readable(actor: Actor, messageId: string, action: string): Promise<ReadableMessage>;
  /** The message as it stands within a channel's transaction; null: there is none. */
  within(tx: ChannelTransaction, id: string): Promise<Message | null>;
  /** What each of these messages quotes, by id of the quoting one. The caller has made sure that they may be read. */
  quotedBy(appId: string, ids: readonly string[]): Promise<Map<string, Message>>;
  /** Of these ids, the messages that are there and whose channels the actor may read; at most two statements. */
  readableAmong(actor: Actor, ids: readonly string[]): Promise<Map<string, Message>>;
  /** Null when there is none or the actor may not read its channel. @throws invalid_input */
  get(actor: Actor, id: string): Promise<Message | null>;
  /** The last message of each channel's timeline, by channel id, in one statement. The caller has made sure that they may be read. */
  lastOf(appId: string, channelIds: readonly string[]): Promise<Map<string, Message>>;
  /** A page of each history, by id of its channel or thread root. The caller has made sure that they may be read. @throws invalid_input */
  histories(
    appId: string,
    thread: Thread,
    ids: readonly string[],
    query: HistoryQuery,
  ): Promise<Map<string, Page<Message>>>;
}

export interface MessagesDependencies {
  readonly sql: Sql;
  readonly log: ChannelLog;
  readonly access: ChannelAccessService;
  readonly users: Pick<UsersService, 'byIds' | 'visibleAmong'>;
}

export function createMessages(dependencies: MessagesDependencies): MessagesService {
  const { sql, log, access, users } = dependencies;

  const readableAmong: MessagesService['readableAmong'] = async (actor, ids) => {
    const found = await loadMessages(sql, actor.appId, ids);
    const channelIds = new Set([...found.values()].map(({ channelId }) => channelId));
    const seen = await access.capabilities(actor, [...channelIds]);
    return new Map(
      [...found].filter(([, { channelId }]) => seen.get(channelId)?.capabilities.has('read-channel') === true),
    );
  };

  return {
    send: (actor, input) => sendMessage(dependencies, actor, input),

    async update(actor, input) {
      const { appId } = actor;
      const found = await readableMessage(dependencies, actor, input.messageId, 'update message');
      const own = found.message.user !== null && found.message.user.id === viewerOf(actor);
      if (
        !found.access.capabilities.has('update-any-message') &&
        !(own && found.access.capabilities.has('update-own-message'))
      ) {
        throw lacking(own ? 'update-own-message' : 'update-any-message', found.message.channelId);
      }
      const said = parseContent(input);
      if (said.mentionedUserIds)
        await mentionableUsers({ sql, users }, actor, found.message.channelId, said.mentionedUserIds);
      const actorUser = await found.actingUser();
      return log.write(appId, found.message.channelId, {
        run: async (tx) => {
          const current = (await loadMessages(tx.sql, appId, [found.message.id])).get(found.message.id);
          if (!current || current.deletedAt !== null) {
            throw new ParleyError('not_found', `unable to update message; ${found.message.id} was deleted`);
          }
          const before = contentOf(current);
          // Fields that were not given are those of now, not those read before the channel was locked.
          const content = contentWith(said, before);
          if (sameContent(content, before)) return current;
          const message = await updateContent(tx.sql, appId, current.id, content, tx.at);
          if (message === null)
            throw new ParleyError('not_found', `unable to update message; ${current.id} was deleted`);
          return tx.append<MessageUpdated>({ __typename: 'MessageUpdated', actor: actorUser, message }).message;
        },
      });
    },

    remove: (actor, input) => deleteMessage(dependencies, actor, input),

    readable: (actor, messageId, action) => readableMessage(dependencies, actor, messageId, action),

    within: async (tx, id) => (await loadMessages(tx.sql, tx.channel.appId, [id])).get(id) ?? null,

    async get(actor, messageId) {
      const id = parseMessageId(messageId);
      return (await readableAmong(actor, [id])).get(id) ?? null;
    },
    readableAmong,
    quotedBy: (appId, ids) => loadQuoted(sql, appId, ids),

    lastOf: (appId, channelIds) => lastMessages(sql, appId, channelIds),

    async histories(appId, thread, ids, query) {
      const range = pageRangeOf(query);
      const { count } = range;
      if (typeof query.aroundSeq === 'number')
        return historiesAround(sql, appId, thread, ids, { seq: query.aroundSeq, count });
      if (!query.around) return historyPages(sql, appId, thread, ids, range);
      const aroundId = parseMessageId(query.around, 'around');
      const middle = (await loadMessages(sql, appId, [aroundId])).get(aroundId);
      const home = thread === 'replies' ? middle?.parentId : middle?.channelId;
      if (middle === undefined || ids.some((id) => id !== home))
        throw invalidInput('around', 'give the id of a message of this history');
      return historiesAround(sql, appId, thread, ids, { seq: middle.seq, count });
    },
  };
}

const contentOf = ({ text, attachments, mentionedUsers, custom }: Message) => ({
  text,
  attachments,
  custom,
  mentionedUserIds: mentionedUsers.map(({ id }) => id),
});
