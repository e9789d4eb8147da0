import { type MapUser, type Message, mapUsersOfMessage } from '@parley/contracts';
import type { MessagesStore } from '../channels/channel.ts';
import type { LoggedEvent } from '../channels/channel-event.ts';
import { isLogged } from '../channels/channel-event.ts';
import type { ChannelFeature } from '../channels/channel-feature.ts';
import { mapEach } from '../lib/map-each.ts';
import { createStore } from '../lib/store.ts';
import { olderMessagesQuery } from '../operations/documents.ts';
import type { ExecuteTyped } from '../operations/execute.ts';
import { newerUser } from '../users/newer-user.ts';
import type { MessagePage } from './message-page.ts';
import { completedPage } from './message-page.ts';
import type { MessagesState, MessageView } from './message-view.ts';
import { quoteOf, quotesAfter } from './quotes.ts';
import type { Timeline } from './timeline.ts';
import { afterEvent, prepend, put } from './timeline.ts';

/** A change that is shown before the server has it. Null: the message is gone. */
export type Patch = (view: MessageView) => MessageView | null;

export interface Messages extends ChannelFeature {
  readonly store: MessagesStore;
  /** As the server has it, without patches. The same object until an event or an answer changed it. */
  get(id: string): Message | undefined;
  all(): Timeline;
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

const olderPage = 50;
/** Beyond it the oldest are let go; they can be loaded again. */
const mostLoaded = 5_000;
const trimTo = 4_500;

export function createMessages({ channelId, execute, userId }: MessagesOptions): Messages {
  const store = createStore<MessagesState>({ items: [], hasOlder: false, loadingOlder: false });
  let timeline: Timeline = [];
  let pending: readonly MessageView[] = [];
  let patches: ReadonlyMap<string, Patch> = new Map();
  let cursor: string | null = null;
  let hasOlder = false;
  let older: { readonly arrived: LoggedEvent[] } | null = null;
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
    const sent = new Set(timeline.map(({ id }) => id));
    const all = [...timeline.map(viewOf), ...pending.filter(({ id }) => !sent.has(id))];
    const items = all.map(patched).filter((view) => view !== null);
    store.set({ items, hasOlder, loadingOlder: older !== null });
  };

  const showUser = (map: MapUser): void => {
    const next = mapEach(timeline, (message) => mapUsersOfMessage(message, map));
    const waiting = mapEach(pending, (view) => mapUsersOfMessage(view, map));
    if (next === timeline && waiting === pending) return;
    timeline = next;
    pending = waiting;
    render();
  };

  const trim = (): void => {
    if (timeline.length <= mostLoaded || older !== null) return;
    timeline = timeline.slice(-trimTo);
    hasOlder = true;
    // Pages are asked for by the API's cursors, and none was given for the message that is the oldest now.
    cursor = null;
  };

  const loadOlder = async (): Promise<void> => {
    if (!hasOlder || older !== null) return;
    const load = { arrived: [] as LoggedEvent[] };
    older = load;
    render();
    try {
      const page = await askOlder();
      if (older !== load) return;
      timeline = prepend(timeline, caughtUp(page.nodes, load.arrived));
      hasOlder = page.pageInfo.hasPreviousPage;
      cursor = page.pageInfo.startCursor;
    } finally {
      if (older === load) {
        older = null;
        render();
      }
    }
  };
  /** The page may have been read before an event that came meanwhile, and which found nothing to change. Loaded messages have had it. */
  const caughtUp = (page: Timeline, arrived: readonly LoggedEvent[]): Timeline =>
    arrived.reduce((nodes, event) => {
      if (!('message' in event) || event.__typename === 'MessageCreated') return nodes;
      return event.message.parentId === null ? afterEvent(nodes, event, userId()) : quotesAfter(nodes, event);
    }, page);
  /** An unsent message quotes the loaded one as it is now. */
  const requoted = (view: MessageView, sources: readonly Message[]): MessageView => {
    const source = view.quoted === null ? undefined : sources.find(({ id }) => id === view.quoted?.id);
    return source === undefined ? view : { ...view, quoted: quoteOf(source) };
  };
  const askOlder = async (): Promise<MessagePage> => {
    const where = cursor === null ? { around: timeline[0]?.id } : { last: olderPage, before: cursor };
    const { channel } = await execute(olderMessagesQuery, { id: channelId, ...where });
    return channel === null ? noPage : completedPage(channel.messages);
  };

  return {
    store: { get: store.get, subscribe: store.subscribe, loadOlder },
    reset({ messages: page }) {
      older = null;
      timeline = page.nodes;
      hasOlder = page.pageInfo.hasPreviousPage;
      cursor = page.pageInfo.startCursor;
      pending = pending.map((view) => requoted(view, page.nodes));
      render();
    },
    apply(event) {
      if (event.__typename === 'UserUpdated') return showUser(newerUser(event.user));
      if (!isLogged(event)) return;
      older?.arrived.push(event);
      const next = afterEvent(timeline, event, userId());
      const waiting = quotesAfter(pending, event);
      if (next === timeline && waiting === pending) return;
      timeline = next;
      pending = waiting;
      trim();
      render();
    },
    get: (id) => timeline.find((message) => message.id === id),
    all: () => timeline,
    put(message) {
      timeline = put(timeline, message);
      render();
    },
    drop(id) {
      timeline = timeline.filter((message) => message.id !== id);
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

const sentView = (message: Message): MessageView => ({
  ...message,
  status: 'sent',
  pending: null,
  error: null,
  failedEdit: null,
});

const noPage: MessagePage = { nodes: [], pageInfo: { hasPreviousPage: false, startCursor: null } };
