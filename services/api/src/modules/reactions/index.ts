import './schema.ts';
import type { Reaction } from '@parley/contracts';
import type { Foundation } from '../../foundation.ts';
import { batched } from '../../graphql/batching.ts';
import { defineModule, none } from '../../module.ts';
import { viewerOf } from '../../platform/actor.ts';
import type { MessagesService } from '../messages/index.ts';
import { createReactions, type ReactionsService } from './service.ts';

interface Before {
  readonly messages: MessagesService;
}
interface Own {
  readonly reactions: ReactionsService;
}

/** Reactions to messages. */
export const reactions = defineModule({
  name: 'reactions',
  services: ({ db, log }: Foundation, { messages }: Before): Own => ({
    reactions: createReactions({ sql: db, log, messages }),
  }),
  loaders({ services, actor }) {
    const viewer = viewerOf(actor);
    const own = batched<readonly Reaction[] | null>(
      async (ids) => (viewer === null ? new Map<string, null>() : services.reactions.own(actor.appId, ids, viewer)),
      null,
    );
    return {
      /** The caller's reactions to the message. */
      ownReactions: (messageId: string): Promise<readonly Reaction[] | null> => own.load(messageId),
    };
  },
  rpc: none,
});
