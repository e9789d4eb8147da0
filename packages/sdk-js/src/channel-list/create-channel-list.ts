import type { ChannelBumped, ParleyError } from '@parley/contracts';
import type { Channel } from '../channels/channel.ts';
import type { Context } from '../context.ts';
import type { LiveInbox } from '../inbox/create-inbox.ts';
import type { InboxEvent } from '../inbox/inbox-event.ts';
import { createStore } from '../lib/store.ts';
import { createTimer } from '../lib/timer.ts';
import { createWatchers } from '../lib/watchers.ts';
import { asParleyError } from '../operations/fault.ts';
import { createRetrying } from '../operations/retrying.ts';
import type { ChannelList, ChannelListState, ChannelQuery, ChannelSummary } from './channel-list.ts';
import { loadPage } from './channel-page.ts';
import { belongs } from './facts.ts';
import { compareBy, defaultSort } from './order.ts';
import { looksSame, projected } from './projection.ts';
import { place, without } from './window.ts';

export interface ChannelListOptions extends Pick<Context, 'clock' | 'random' | 'connection' | 'execute'> {
  readonly query: ChannelQuery;
  readonly inbox: LiveInbox;
  /** Hears of the channels that are followed here, after each of their events. */
  readonly onChanged: (listener: (channel: Channel) => void) => () => void;
  /** The handle of a channel that is live here. */
  readonly live: (id: string) => Channel | null;
}

const soonMs = 50;
const laterMs = 1_000;
const mostAsked = 100;

export function createChannelList(options: ChannelListOptions): ChannelList {
  const { clock, connection, execute, query, inbox, onChanged, live } = options;
  const { filter, pageSize = 25 } = query;
  const sort = query.sort === undefined || query.sort.length === 0 ? defaultSort : query.sort;
  const store = createStore<ChannelListState>({ status: 'idle', items: [], hasMore: false, error: null });
  const askTimer = createTimer(clock);
  const asked = new Set<string>();
  let cursor: string | null = null;
  const watchers = createWatchers(
    () => {
      undo = [inbox.on(onInbox), onChanged(onChannel), connection.state.subscribe(onConnection), inbox.watch()];
      uncovered = !inbox.synced;
      epoch = inbox.epoch;
      loader.run();
    },
    () => {
      loader.release();
      askTimer.clear();
      for (const stop of undo) stop();
      if (store.get().status === 'failed') change({ status: 'idle' });
    },
  );
  let loads = 0;
  let loading = 0;
  /** Asked for and not answered yet. */
  let asking: ReadonlySet<string> = new Set();
  /** The page was asked for before the inbox was live: what happened between is in neither. */
  let uncovered = false;
  /** Of the log that the list was loaded of. */
  let epoch: string | null = null;
  let again = false;
  let loadingMore: Promise<void> | null = null;
  let undo: readonly (() => void)[] = [];

  const change = (part: Partial<ChannelListState>): void => store.update((state) => ({ ...state, ...part }));
  const setItems = (items: readonly ChannelSummary[]): void => {
    if (items !== store.get().items) change({ items });
  };

  const load = async (): Promise<void> => {
    loads += 1;
    const own = loads;
    if (store.get().status !== 'ready') change({ status: 'loading' });
    // What happens from here on is asked for again, since the page may be older.
    asked.clear();
    askTimer.clear();
    loading += 1;
    try {
      const page = await loadPage(execute, { filter, sort, first: pageSize });
      if (own !== loads) return;
      cursor = page.cursor;
      change({ status: 'ready', items: page.items, hasMore: page.hasMore, error: null });
      for (const { id } of page.items) showLive(id);
    } finally {
      loading -= 1;
      askSoon(soonMs);
    }
  };
  const failed = (error: ParleyError): void => {
    if (store.get().status !== 'ready') change({ status: 'failed', error });
  };
  const loader = createRetrying(
    options,
    async () => {
      do {
        again = false;
        await load();
      } while (again);
    },
    failed,
  );

  /** Lets the API say whether these channels belong here, and how they look. */
  const ask = (id: string, ms: number): void => {
    if (asked.size < mostAsked) asked.add(id);
    else {
      again = true;
      loader.run();
    }
    askSoon(ms);
  };
  /** One question at a time: two answers could come in the wrong order, and a page is newer than an answer that was asked for before. */
  const askSoon = (ms: number): void => {
    if (asked.size === 0 || loading > 0 || asking.size > 0 || store.get().status !== 'ready') return;
    if (!askTimer.active || ms === soonMs) askTimer.set(loadAsked, ms);
  };
  const loadAsked = (): void => {
    const ids = [...asked];
    asked.clear();
    asking = new Set(ids);
    const only = { id: { in: ids } };
    const own = loads;
    const answered = (): void => {
      asking = new Set();
      askSoon(soonMs);
    };
    loadPage(execute, { filter: filter === undefined ? only : { and: [filter, only] }, sort, first: ids.length }).then(
      ({ items }) => {
        if (own === loads && watchers.any) {
          const found = new Map(items.map((item) => [item.id, item]));
          for (const id of ids) {
            const summary = found.get(id);
            setItems(summary === undefined ? without(store.get().items, id) : place(store.get(), summary, sort));
            showLive(id);
          }
        }
        answered();
      },
      () => {
        if (watchers.any) loader.run();
        answered();
      },
    );
  };
  /** What is followed here is at least as new as any answer. */
  const showLive = (id: string): void => {
    const channel = live(id);
    if (channel !== null && store.get().items.some((item) => item.id === id)) onChannel(channel);
  };

  /** Takes in a summary whose facts are current. */
  const admit = (summary: ChannelSummary): void => {
    const { items } = store.get();
    const known = items.find(({ id }) => id === summary.id);
    const verdict = belongs(filter, summary);
    if (verdict === false) return void setItems(without(items, summary.id));
    if (verdict === null && known === undefined) return void ask(summary.id, soonMs);
    if (known === undefined || !looksSame(known, summary)) setItems(place(store.get(), summary, sort));
  };

  const onBumped = (event: ChannelBumped): void => {
    if (live(event.channelId) !== null) return;
    const known = store.get().items.find(({ id }) => id === event.channelId);
    if (known === undefined) return void ask(event.channelId, soonMs);
    const { lastMessage } = event;
    // The answer that is under way may be older than this.
    if (loading > 0 || asking.has(event.channelId)) ask(event.channelId, soonMs);
    const { unreadCount, unreadMentions } = event;
    admit({
      ...known,
      data: {
        ...known.data,
        seq: Math.max(known.data.seq, event.seq),
        lastMessageAt: later(known.data.lastMessageAt, lastMessage?.createdAt ?? null),
      },
      lastMessage,
      unreadCount,
      unreadMentions,
      readSeq: unreadCount === 0 ? event.seq : known.readSeq,
    });
    // A bump tells of messages and numbers; a longer log without a new message says that something else has changed.
    const explained =
      event.seq <= known.data.seq || (lastMessage !== null && lastMessage.seq > (known.lastMessage?.seq ?? 0));
    if (!explained) ask(event.channelId, laterMs);
  };
  const onInbox = (event: InboxEvent): void => {
    if (event.__typename === 'ChannelBumped') return void onBumped(event);
    if (event.__typename === 'ChannelJoined') return void ask(event.channel.id, soonMs);
    // After a set-back of the log a channel that is shown may never have been, and nobody says that it left.
    const setBack = event.__typename === 'InboxSynced' && epoch !== null && event.epoch !== epoch;
    if (event.__typename === 'InboxSynced') epoch = event.epoch;
    if (event.__typename === 'InboxSynced' && (uncovered || setBack)) {
      uncovered = false;
      again = true;
      loader.run();
    }
    if (event.__typename !== 'ChannelLeft') return;
    setItems(without(store.get().items, event.channelId));
    // Some kinds of channel can be read without being a member.
    if (event.reason !== 'deleted') ask(event.channelId, soonMs);
  };
  const onChannel = (channel: Channel): void => {
    const { status, items } = store.get();
    if (status !== 'ready') return;
    const summary = projected(channel);
    if (summary !== null) admit(summary);
    else if (channel.state.get().status === 'closed') setItems(without(items, channel.id));
  };

  const onConnection = (): void => {
    const { name } = connection.state.get();
    if (name === 'idle') askTimer.clear();
    if (name === 'connected' && !askTimer.active) askSoon(soonMs);
  };

  return {
    get: store.get,
    subscribe: store.subscribe,
    refresh: () =>
      load().catch((error: unknown) => {
        failed(asParleyError(error, 'load the list'));
        throw error;
      }),
    loadMore() {
      if (!store.get().hasMore || cursor === null) return Promise.resolve();
      loadingMore ??= more().finally(() => {
        loadingMore = null;
      });
      return loadingMore;
    },
    watch: watchers.watch,
  };

  async function more(): Promise<void> {
    const own = loads;
    const page = await loadPage(execute, { filter, sort, first: pageSize, after: cursor });
    if (own !== loads) return;
    cursor = page.cursor;
    const { items } = store.get();
    const known = new Set(items.map(({ id }) => id));
    const all = [...items, ...page.items.filter(({ id }) => !known.has(id))].sort(compareBy(sort));
    change({ items: all, hasMore: page.hasMore });
  }
}

const later = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a);
