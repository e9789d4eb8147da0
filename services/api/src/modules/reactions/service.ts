import type { Message, Reaction, ReactionAdded, ReactionRemoved } from '@parley/contracts';
import { invalidInput, limits, ParleyError } from '@parley/contracts';
import { parseWith, reactionType } from '@parley/schemas';
import { lacking } from '../../domain/permissions.ts';
import type { Actor } from '../../platform/actor.ts';
import { requireUser } from '../../platform/actor.ts';
import type { ChannelLog, ChannelTransaction } from '../../platform/channel-log.ts';
import type { Sql } from '../../platform/sql.ts';
import type { MessagesService, ReadableMessage } from '../messages/index.ts';
import { ownReactions, recountGroups, removeReactions, saveReaction } from './repository.ts';

export interface AddReactionInput {
  readonly messageId: string;
  readonly type: string;
  /** 1 to `limits.reactionScore`; default 1. */
  readonly score?: number | null | undefined;
  /** Takes back the other reactions of the same user. */
  readonly exclusive?: boolean | null | undefined;
}
export interface RemoveReactionInput {
  readonly messageId: string;
  readonly type: string;
}

export interface ReactionsService {
  /** The same reaction again changes nothing; another score replaces the first. @throws not_found, forbidden, invalid_input */
  add(actor: Actor, input: AddReactionInput): Promise<Message>;
  /** What is not there is left alone. @throws not_found, forbidden, invalid_input */
  remove(actor: Actor, input: RemoveReactionInput): Promise<Message>;
  /** The viewer's reactions to each message. The caller has made sure that they may be read. */
  own(appId: string, messageIds: readonly string[], userId: string): Promise<Map<string, Reaction[]>>;
}

export interface ReactionsDependencies {
  readonly sql: Sql;
  readonly log: ChannelLog;
  readonly messages: Pick<MessagesService, 'readable' | 'within'>;
}

function checkedScore(score: number | null | undefined): number {
  const value = score ?? 1;
  if (value >= 1 && value <= limits.reactionScore) return value;
  throw invalidInput('score', `a score is 1 to ${limits.reactionScore}`, limits.reactionScore);
}

export function createReactions({ sql, log, messages }: ReactionsDependencies): ReactionsService {
  async function reactable(actor: Actor, messageId: string): Promise<ReadableMessage> {
    const found = await messages.readable(actor, messageId, 'change reactions');
    if (!found.access.capabilities.has('send-reaction')) throw lacking('send-reaction', found.message.channelId);
    return found;
  }

  async function present(tx: ChannelTransaction, id: string): Promise<Message> {
    const message = await messages.within(tx, id);
    if (message && message.deletedAt === null) return message;
    throw new ParleyError('not_found', `unable to change reactions; the message ${id} was deleted`);
  }

  return {
    async add(actor, input) {
      const { appId, userId } = requireUser(actor, 'add reaction');
      const command = { type: parseWith(reactionType, input.type, 'type'), score: checkedScore(input.score) };
      const { message: found } = await reactable(actor, input.messageId);
      return log.write(appId, found.channelId, {
        run: async (tx) => {
          const message = await present(tx, found.id);
          const others = message.reactionGroups.map(({ type }) => type).filter((type) => type !== command.type);
          if (others.length >= limits.reactionTypesPerMessage) {
            throw invalidInput(
              'type',
              `a message holds up to ${limits.reactionTypesPerMessage} types of reactions`,
              limits.reactionTypesPerMessage,
            );
          }
          const removed = input.exclusive ? await removeReactions(tx.sql, appId, found.id, userId, others) : [];
          const added = await saveReaction(tx.sql, appId, found.id, userId, command);
          if (added === null && removed.length === 0) return message;
          const changed = { ...message, reactionGroups: await recountGroups(tx.sql, appId, found.id) };
          for (const reaction of removed) {
            tx.append<ReactionRemoved>({
              __typename: 'ReactionRemoved',
              actor: reaction.user,
              message: changed,
              reaction,
            });
          }
          if (added !== null)
            tx.append<ReactionAdded>({
              __typename: 'ReactionAdded',
              actor: added.user,
              message: changed,
              reaction: added,
            });
          return changed;
        },
      });
    },

    async remove(actor, input) {
      const { appId, userId } = requireUser(actor, 'remove reaction');
      const type = parseWith(reactionType, input.type, 'type');
      const { message: found } = await reactable(actor, input.messageId);
      return log.write(appId, found.channelId, {
        run: async (tx) => {
          const message = await present(tx, found.id);
          const [reaction] = await removeReactions(tx.sql, appId, found.id, userId, [type]);
          if (reaction === undefined) return message;
          const changed = { ...message, reactionGroups: await recountGroups(tx.sql, appId, found.id) };
          tx.append<ReactionRemoved>({
            __typename: 'ReactionRemoved',
            actor: reaction.user,
            message: changed,
            reaction,
          });
          return changed;
        },
      });
    },

    own: (appId, messageIds, userId) => ownReactions(sql, appId, messageIds, userId),
  };
}
