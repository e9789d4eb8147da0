import { type JsonObject, limits, type Member, type Message, type Reaction } from '@parley/contracts';
import DataLoader from 'dataloader';
import type { ChannelAccess } from '../modules/channels/access.ts';
import type { Unread } from '../modules/inbox/unread.ts';
import { nothingUnread } from '../modules/inbox/unread.ts';
import type { HistoryQuery, Thread } from '../modules/messages/history.ts';
import { reachOf } from '../modules/users/visibility.ts';
import type { Actor } from '../platform/actor.ts';
import { viewerOf } from '../platform/actor.ts';
import type { Page } from '../platform/page.ts';
import type { AnswerBudget } from './answer-budget.ts';
import type { Services } from './services.ts';

/** Collects what the fields of one operation ask for, so that a list costs as many statements as one item. */
export interface Loaders {
  access(channelId: string): Promise<ChannelAccess | null>;
  unread(channelId: string): Promise<Unread>;
  members(channelId: string, first: number, after: string | null): Promise<Page<Member>>;
  history(thread: Thread, id: string, query: HistoryQuery): Promise<Page<Message>>;
  /** Whether the caller may look the user up. */
  sees(userId: string): boolean | Promise<boolean>;
  /** What only the user itself and back ends read of the user. */
  privateData(userId: string): Promise<JsonObject>;
  ownReactions(messageId: string): Promise<readonly Reaction[] | null>;
}

/** Keys of one statement; more are loaded by several. */
const maxBatchSize = 500;
/** Items of the pages of one statement, which the database reads before anybody knows how large they are. */
const itemsAtOnce = 500;

/** A size that is none is refused where the page is made. */
const pagesAtOnce = (size: number | null | undefined): number =>
  Math.max(1, Math.floor(itemsAtOnce / Math.max(1, size ?? limits.pageSizeDefault)));

const nothingFound: Page<never> = { edges: [], hasNextPage: false, hasPreviousPage: false };

/** One loader per set of arguments: only what was asked for in the same way can be answered by one statement. */
function perArguments<Args, Value>(
  load: (args: Args, ids: readonly string[]) => Promise<Map<string, Value>>,
  absent: Value,
  atOnce: (args: Args) => number,
) {
  const loaders = new Map<string, DataLoader<string, Value>>();
  return (args: Args, id: string): Promise<Value> => {
    const key = JSON.stringify(args);
    const loader = loaders.get(key) ?? batched((ids) => load(args, ids), absent, atOnce(args));
    loaders.set(key, loader);
    return loader.load(id);
  };
}

function batched<Value>(
  load: (ids: readonly string[]) => Promise<Map<string, Value>>,
  absent: Value,
  atOnce = maxBatchSize,
): DataLoader<string, Value> {
  return new DataLoader<string, Value>(
    async (ids) => {
      const found = await load(ids);
      return ids.map((id) => found.get(id) ?? absent);
    },
    { maxBatchSize: atOnce },
  );
}

/** Loaders of one operation by one actor; they live as long as it does. */
export function createLoaders(services: Services, actor: Actor, answer: Pick<AnswerBudget, 'inTurn'>): Loaders {
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
    ({ thread, query }, ids) => answer.inTurn(() => services.messages.histories(appId, thread, ids, query)),
    nothingFound,
    ({ query: { first, last } }) => pagesAtOnce(first ?? last),
  );
  const members = perArguments<{ first: number; after: string | null }, Page<Member>>(
    ({ first, after }, ids) => answer.inTurn(() => services.members.pages(appId, ids, first, after)),
    nothingFound,
    ({ first }) => pagesAtOnce(first),
  );

  const reach = reachOf(actor);
  const visible = batched<boolean>(async (ids) => {
    const found = await services.users.visibleAmong(actor, ids);
    return new Map([...found].map((id) => [id, true]));
  }, false);
  const privateData = batched<JsonObject>((ids) => services.users.privateOf(actor, ids), {});

  return {
    sees: (userId) => reach === 'everybody' || userId === viewer || (reach === 'shared' && visible.load(userId)),
    privateData: (userId) => privateData.load(userId),
    access: (channelId) => access.load(channelId),
    unread: (channelId) => unread.load(channelId),
    ownReactions: (messageId) => reactions.load(messageId),
    members: (channelId, first, after) => members({ first, after }, channelId),
    history: (thread, id, query) => history({ thread, query }, id),
  };
}
