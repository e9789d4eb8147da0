import { invalidInput, ParleyError, parseChannelId, parseMessageId } from '@parley/contracts';
import { featuresOf } from '../../domain/grants.ts';
import type { Actor } from '../../platform/actor.ts';
import { requireUser } from '../../platform/actor.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { ChannelAccessService } from '../channels/index.ts';
import type { MessagesService } from '../messages/index.ts';
import type { UsersService } from '../users/index.ts';

export interface SetTypingInput {
  readonly channelId: string;
  /** Typing a reply to this message. */
  readonly parentId?: string | null | undefined;
  readonly typing: boolean;
}

export interface TypingService {
  /** Ephemeral: never stored, may be lost. Fan-out ends it after `limits.typingMs`. @throws forbidden, feature_disabled, not_found, invalid_input */
  set(actor: Actor, input: SetTypingInput): Promise<boolean>;
}

export interface TypingDependencies {
  readonly access: ChannelAccessService;
  readonly users: Pick<UsersService, 'byIds'>;
  readonly messages: Pick<MessagesService, 'get'>;
  readonly publisher: Pick<Publisher, 'ephemeral'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createTyping({ access, users, messages, publisher, now }: TypingDependencies): TypingService {
  /** The same for a message that does not exist and for one elsewhere, of which the typist may not know. */
  async function checkParent(actor: Actor, channelId: string, parentId: string): Promise<void> {
    const parent = await messages.get(actor, parentId);
    if (parent?.channelId !== channelId) {
      throw new ParleyError(
        'not_found',
        `unable to say who is typing; there is no message ${parentId} in this channel`,
        { field: 'parentId' },
      );
    }
    if (parent.parentId !== null) throw invalidInput('parentId', 'a reply names a message that is not itself a reply');
  }

  return {
    async set(actor, { channelId: id, parentId, typing }) {
      const { appId, userId } = requireUser(actor, 'say who is typing');
      const channelId = parseChannelId(id);
      const parent = parentId ? parseMessageId(parentId, 'parentId') : null;
      const [seen, known] = await Promise.all([
        access.check(actor, channelId, 'send-typing'),
        users.byIds(appId, [userId]),
      ]);
      if (parent !== null) await checkParent(actor, channelId, parent);
      if (!featuresOf[seen.type].typing) {
        throw new ParleyError(
          'feature_disabled',
          `unable to say who is typing; channels of type ${seen.type} have typing switched off`,
        );
      }
      const user = known.get(userId);
      if (user === undefined)
        throw new ParleyError('not_found', `unable to say who is typing; there is no user ${userId}`);
      publisher.ephemeral(appId, {
        __typename: 'TypingChanged',
        channelId,
        at: new Date(now()).toISOString(),
        user,
        parentId: parent,
        typing,
      });
      return true;
    },
  };
}
