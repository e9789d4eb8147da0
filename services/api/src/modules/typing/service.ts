import { ParleyError, parseChannelId, parseMessageId } from '@parley/contracts';
import type { Actor } from '../../platform/actor.ts';
import { requireUser } from '../../platform/actor.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { ChannelAccessService } from '../channels/access.ts';
import { featuresOf } from '../channels/grants.ts';
import type { UsersService } from '../users/service.ts';

export interface SetTypingInput {
  readonly channelId: string;
  /** Typing a reply to this message. */
  readonly parentId?: string | null | undefined;
  readonly typing: boolean;
}

export interface TypingService {
  /** Ephemeral: never stored, may be lost. Fan-out ends it after `limits.typingMs`. @throws forbidden, feature_disabled, invalid_input */
  set(actor: Actor, input: SetTypingInput): Promise<boolean>;
}

export interface TypingDependencies {
  readonly access: ChannelAccessService;
  readonly users: Pick<UsersService, 'byIds'>;
  readonly publisher: Pick<Publisher, 'ephemeral'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createTyping({ access, users, publisher, now }: TypingDependencies): TypingService {
  return {
    async set(actor, { channelId: id, parentId, typing }) {
      const { appId, userId } = requireUser(actor, 'say who is typing');
      const channelId = parseChannelId(id);
      const parent = parentId ? parseMessageId(parentId, 'parentId') : null;
      const [seen, known] = await Promise.all([
        access.check(actor, channelId, 'send-typing'),
        users.byIds(appId, [userId]),
      ]);
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
