import type { Member, Message, Reaction } from '@parley/contracts';
import DataLoader from 'dataloader';
import type { ChannelAccess } from '../modules/channels/access.ts';
import type { Unread } from '../modules/inbox/unread.ts';
import { nothingUnread } from '../modules/inbox/unread.ts';
import type { HistoryQuery, Thread } from '../modules/messages/history.ts';
import type { Actor } from '../platform/actor.ts';
import { viewerOf } from '../platform/actor.ts';
import type { Page } from '../platform/page.ts';
import type { Services } from './services.ts';

/** Collects what the fields of one operation ask for, so that a list costs as many statements as one item. */
export interface Loaders {
  access(channelId: string): Promise<ChannelAccess | null>;
  unread(channelId: string): Promise<Unread>;
  members(channelId: string, first: number, after: string | null): Promise<Page<Member>>;
  history(thread: Thread, id: string, query: HistoryQuery): Promise<Page<Message>>;
  ownReactions(messageId: string): Promise<readonly Reaction[] | null>;
}

/** Keys of one statement; more are loaded by several. */
const maxBatchSize = 500;

const nothingFound: Page<never> = { edges: [], hasNextPage: false, hasPreviousPage: false };

/** One loader per set of arguments: only what was asked for in the same way can be answered by one statement. */
function perArguments<Args, Value>(
  load: (args: Args, ids: readonly string[]) => Promise<Map<string, Value>>,
  absent: Value,
) {
  const loaders = new Map<string, DataLoader<string, Value>>();
  return (args: Args, id: string): Promise<Value> => {
    const key = JSON.stringify(args);
    const loader = loaders.get(key) ?? batched((ids) => load(args, ids), absent);
    loaders.set(key, loader);
    return loader.load(id);
  };
}

function batched<Value>(
  load: (ids: readonly string[]) => Promise<Map<string, Value>>,
  absent: Value,
): DataLoader<string, Value> {
  return new DataLoader<string, Value>(
    async (ids) => {
      const found = await load(ids);
      return ids.map((id) => found.get(id) ?? absent);
    },
    { maxBatchSize },
  );
}

/** Loaders of one operation by one actor; they live as long as it does. */
export function createLoaders(services: Services, actor: Actor): Loaders {
  const { appId } = actor;
  const viewer = viewerOf(actor);
  const access = batched<ChannelAccess | null>((ids) => services.access.capabilities(actor, ids), null);
  const unread = batched<Unread>(
    async (ids) => (viewer === null ? new Map<string, Unread>() : services.unread.of(appId, viewer, ids)),
    nothingUnread,
  );
  const reactions = batched<readonly Reaction[] | null>(
    async (ids) => (viewer === null ? new Map<string, null>() : services.reactions.own(appId, ids, viewer)),
    null,
  );
  const history = perArguments<{ thread: Thread; query: HistoryQuery }, Page<Message>>(
    ({ thread, query }, ids) => services.messages.histories(appId, thread, ids, query),
    nothingFound,
  );
  const members = perArguments<{ first: number; after: string | null }, Page<Member>>(
    ({ first, after }, ids) => services.members.pages(appId, ids, first, after),
    nothingFound,
  );

  return {
    access: (channelId) => access.load(channelId),
    unread: (channelId) => unread.load(channelId),
    ownReactions: (messageId) => reactions.load(messageId),
    members: (channelId, first, after) => members({ first, after }, channelId),
    history: (thread, id, query) => history({ thread, query }, id),
  };
}
