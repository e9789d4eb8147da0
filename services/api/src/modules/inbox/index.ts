import './schema.ts';
import type { Foundation } from '../../foundation.ts';
import { batched } from '../../graphql/batching.ts';
import { defineModule } from '../../module.ts';
import { viewerOf } from '../../platform/actor.ts';
import type { ChannelsService } from '../channels/index.ts';
import type { MessagesService } from '../messages/index.ts';
import { inboxHandlers } from './rpc.ts';
import { createInboxService, type InboxService } from './service.ts';
import { nothingUnread, type Unread } from './unread.ts';

export type { InboxService } from './service.ts';

interface Before {
  readonly channels: ChannelsService;
  readonly messages: MessagesService;
}
interface Own {
  readonly inbox: InboxService;
}

/** What each user has not read yet. */
export const inbox = defineModule({
  name: 'inbox',
  services: ({ db, clock, logger, publisher, epoch }: Foundation, { channels, messages }: Before): Own => ({
    inbox: createInboxService({
      sql: db,
      clock,
      logger,
      publisher,
      epoch,
      sources: { channels: channels.byIds, lastMessages: messages.lastOf },
    }),
  }),
  loaders({ services, actor }) {
    const viewer = viewerOf(actor);
    const unread = batched<Unread>(
      async (ids) => (viewer === null ? new Map<string, Unread>() : services.inbox.unreadOf(actor.appId, viewer, ids)),
      nothingUnread,
    );
    return {
      /** The caller's numbers in the channel. */
      unread: (channelId: string): Promise<Unread> => unread.load(channelId),
    };
  },
  rpc: ({ services, questions }) => inboxHandlers({ inbox: services.inbox, questions }),
  published: (batch, services) => services.inbox.published(batch),
});
