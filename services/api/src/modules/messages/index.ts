import './schema.ts';
import type { Message } from '@parley/contracts';
import type { Foundation } from '../../foundation.ts';
import { batched, emptyPage, pagesAtOnce, perArguments } from '../../graphql/batching.ts';
import { defineModule } from '../../module.ts';
import type { Page } from '../../platform/page.ts';
import type { ChannelAccessService } from '../channels/index.ts';
import type { UsersService } from '../users/index.ts';
import type { HistoryQuery, Thread } from './history.ts';
import { messageHandlers } from './rpc.ts';
import { createMessages, type MessagesService } from './service.ts';

export type { ReadableMessage } from './readable-message.ts';
export type { MessagesService } from './service.ts';

/** Quotes of one statement, as many as messages of a page. */
const quotesAtOnce = 100;

interface Before {
  readonly access: ChannelAccessService;
  readonly users: UsersService;
}
interface Own {
  readonly messages: MessagesService;
}

/** Messages and their histories. */
export const messages = defineModule({
  name: 'messages',
  services: ({ db, log }: Foundation, { access, users }: Before): Own => ({
    messages: createMessages({ sql: db, log, access, users }),
  }),
  loaders({ services, actor: { appId }, answer }) {
    const history = perArguments<{ thread: Thread; query: HistoryQuery }, Page<Message>>(
      ({ thread, query }, ids) => answer.inTurn(() => services.messages.histories(appId, thread, ids, query)),
      emptyPage,
      ({ query: { first, last } }) => pagesAtOnce(first ?? last),
    );
    const quoted = batched<Message | null>(
      (ids) => answer.inTurn(() => services.messages.quotedBy(appId, ids)),
      null,
      quotesAtOnce,
    );
    return {
      /** What a message quotes that came as a quote itself. */
      quoted: (quotingId: string): Promise<Message | null> => quoted.load(quotingId),
      /** A page of the timeline of a channel, or of the replies to a message. */
      history: (thread: Thread, id: string, query: HistoryQuery): Promise<Page<Message>> =>
        history({ thread, query }, id),
    };
  },
  rpc: ({ foundation: { db } }) => messageHandlers({ sql: db }),
});
