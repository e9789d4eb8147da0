import { type MapUser, type Message, mapEach, mapUsersOfMessage, type User } from '@parley/contracts';
import type { MessagesStore } from '../channels/channel.ts';
import { isLogged } from '../channels/channel-event.ts';
import type { ChannelFeature } from '../channels/channel-feature.ts';
import { createStore } from '../lib/store.ts';
import type { ExecuteTyped } from '../operations/execute.ts';
import { newerUser } from '../users/newer-user.ts';
import { loadPage } from './message-page.ts';
import type { MessagesState, MessageView } from './message-view.ts';
import { createPaging, noPage } from './paging.ts';
import { quoteOf, quotesAfter } from './quotes.ts';
import { afterEvent, type Timeline } from './timeline.ts';

/** A change that is shown before the server has it. Null: the message is gone. */
export type Patch = (view: MessageView) => MessageView | null;

export interface Messages extends ChannelFeature {
  readonly store: MessagesStore;
  /** As the server has it, without patches. The same object until an event or an answer changed it. */
  get(id: string): Message | undefined;
  all(): Timeline;
  /** The newest message of the channel, also while others are loaded. */
  newest(): Message | undefined;
  put(message: Message): void;
  drop(id: string): void;
  /** The messages that are not on the server yet, in order, and the changes that are shown, by message. */
  showPending(views: readonly MessageView[], patches: ReadonlyMap<string, Patch>): void;
}

export interface MessagesOptions {
  readonly channelId: string;
  readonly execute: ExecuteTyped;
  readonly userId: () => string | null;
}

/** So many of the newest messages are kept while others are loaded: when one is deleted for good, the one before it is the newest. */
const mostNewest = 30;

export function createMessages({ channelId, execute, userId }: MessagesOptions): Messages {
  const store = createStore<MessagesState>({
    items: [],
    hasOlder: false,
    loadingOlder: false,
    hasNewer: false,
    loadingNewer: false,
  });
  let newest: Timeline = [];
  let pending: readonly MessageView[] = [];
  let patches: ReadonlyMap<string, Patch> = new Map();
  // A message that did not change keeps its view, so that only what changed is drawn again.
  const views = new WeakMap<Message, MessageView>();

  const viewOf = (message: Message): MessageView => {
    const view = views.get(message) ?? sentView(message);
    views.set(message, view);
    return view;
  };
  const patched = (view: MessageView): MessageView | null => {
    const patch = patches.get(view.id);
    return patch === undefined ? view : patch(view);
  };
  const render = (): void => {
    const { timeline, older, newer } = paging.window;
    if (!newer.more) newest = timeline;
    const sent = new Set(timeline.map(({ id }) => id));
    const all = [...timeline.map(viewOf), ...pending.filter(({ id }) => !sent.has(id))];
    store.set({
      items: all.map(patched).filter((view) => view !== null),
      hasOlder: older.more,
      loadingOlder: paging.isLoading('older'),
      hasNewer: newer.more,
      loadingNewer: paging.isLoading('newer'),
    });
  };

  const paging = createPaging({
    ask: async (page) => (await loadPage(execute, channelId, page)) ?? noPage,
    userId,
    changed: render,
  });

  const showUser = (map: MapUser): void => {
    const { timeline } = paging.window;
    const withUser = <M extends Message>(message: M): M => mapUsersOfMessage(message, map);
    const next = mapEach(timeline, withUser);
    const waiting = mapEach(pending, withUser);
    newest = mapEach(newest, withUser);
    if (next === timeline && waiting === pending) return;
    paging.set(next);
    pending = waiting;
    render();
  };
  /** An unsent message quotes the loaded one as it is now. */
  const requoted = (view: MessageView, sources: readonly Message[]): MessageView => {
    const source = view.quoted === null ? undefined : sources.find(({ id }) => id === view.quoted?.id);
    return source === undefined ? view : { ...view, quoted: quoteOf(source) };
  };
  return {
    store: {
      get: store.get,
      subscribe: store.subscribe,
      loadOlder: () => paging.load('older'),
      loadNewer: () => paging.load('newer'),
      loadAround: paging.loadAround,
      jumpToNewest: paging.jumpToNewest,
    },
    reset({ messages: page, newest: nodes }) {
      paging.reset(page);
      newest = nodes;
      pending = pending.map((view) => requoted(view, page.nodes));
      render();
    },
    apply(event) {
      if (event.__typename === 'UserUpdated') return showUser(newerUser(event.user));
      if (!isLogged(event)) return;
      const { actor } = event;
      // One author has one name: of somebody who is no member no other event tells a new one.
      if (actor !== null && paging.window.timeline.some(({ user }) => isOlder(user, actor))) showUser(newerUser(actor));
      const changed = paging.apply(event);
      if (paging.window.newer.more) newest = afterEvent(newest, event, userId()).slice(-mostNewest);
      const waiting = quotesAfter(pending, event);
      if (!changed && waiting === pending) return;
      pending = waiting;
      render();
    },
    get: (id) => paging.window.timeline.find((message) => message.id === id),
    all: () => paging.window.timeline,
    newest: () => newest.at(-1),
    put(message) {
      if (paging.put(message)) render();
      // It was sent, and stands among the newest, which are not loaded.
      else paging.jumpToNewest().catch(() => {});
    },
    drop(id) {
      paging.set(paging.window.timeline.filter((message) => message.id !== id));
      render();
    },
    showPending(next, changes) {
      patches = changes;
      // The outbox knows a quote as it was when the message was written; what became of it since is known here.
      const quotes = new Map(pending.map(({ id, quoted }) => [id, quoted]));
      pending = next.map((view) => {
        const quoted = quotes.get(view.id);
        return quoted === undefined ? view : { ...view, quoted };
      });
      render();
    },
  };
}

const isOlder = (known: User | null, user: User): boolean =>
  known !== null && known.id === user.id && known.updatedAt < user.updatedAt;

const sentView = (message: Message): MessageView => ({
  ...message,
  status: 'sent',
  pending: null,
  error: null,
  failedEdit: null,
});
