import type { OpenChannel } from '../channels/open-channel.ts';
import type { Context } from '../context.ts';
import type { LiveInbox } from '../inbox/create-inbox.ts';
import { createMachine } from '../lib/machine.ts';
import { createStore } from '../lib/store.ts';
import { createTimer } from '../lib/timer.ts';
import { createWatchers } from '../lib/watchers.ts';
import { asParleyError } from '../operations/graphql-error.ts';
import { createRetrying } from '../operations/retrying.ts';
import type { ChannelList, ChannelQuery } from './channel-list.ts';
import { loadPage } from './channel-page.ts';
import { type ListEffect, type ListInput, type ListState, newList, nextList } from './list-state.ts';
import { defaultSort } from './order.ts';
import { projected } from './projection.ts';

export interface ChannelListOptions extends Pick<Context, 'clock' | 'random' | 'connection' | 'execute'> {
  readonly query: ChannelQuery;
  readonly inbox: LiveInbox;
  /** Hears of the channels that are followed here, after each of their events. */
  readonly onChanged: (listener: (channel: OpenChannel) => void) => () => void;
  /** A channel that is live here. */
  readonly live: (id: string) => OpenChannel | null;
}

/** Does what the state machine of the list says. */
export function createChannelList(options: ChannelListOptions): ChannelList {
  const { clock, connection, execute, query, inbox, onChanged, live } = options;
  const { filter, pageSize = 25 } = query;
  const sort = query.sort === undefined || query.sort.length === 0 ? defaultSort : query.sort;
  const store = createStore(newList.shown);
  const timer = createTimer(clock);
  let loads = 0;
  let loadingMore: Promise<void> | null = null;
  let unsubscribes: readonly (() => void)[] = [];

  const next = (state: ListState, input: ListInput): readonly [ListState, readonly ListEffect[]] => {
    const result = nextList({ filter, sort }, state, input);
    store.set(result[0].shown);
    return result;
  };
  const list = createMachine(newList, next, (effect) => {
    switch (effect.name) {
      case 'load':
        loader.run();
        break;
      case 'ask':
        ask(effect.generation, effect.ids);
        break;
      case 'show-followed':
        effect.ids.forEach(showFollowed);
        break;
      case 'set-timer':
        timer.set(() => list.take({ name: 'due' }), effect.ms);
        break;
      case 'clear-timer':
        timer.clear();
    }
  });

  const load = async (): Promise<void> => {
    loads += 1;
    const generation = loads;
    list.take({ name: 'load', generation });
    try {
      const page = await loadPage(execute, { filter, sort, first: pageSize });
      list.take({ name: 'loaded', generation, page });
    } finally {
      list.take({ name: 'load-ended' });
    }
  };
  const loader = createRetrying(
    options,
    async () => {
      do await load();
      while (list.state.again);
    },
    (error) => list.take({ name: 'load-failed', error }),
  );
  const ask = (generation: number, ids: readonly string[]): void => {
    const only = { id: { in: ids } };
    loadPage(execute, { filter: filter === undefined ? only : { and: [filter, only] }, sort, first: ids.length }).then(
      ({ items }) => list.take({ name: 'answered', generation, items }),
      () => list.take({ name: 'answered', generation, items: null }),
    );
  };

  const onFollowed = (channel: OpenChannel): void =>
    list.take({
      name: 'followed',
      id: channel.handle.id,
      summary: projected(channel),
      closed: channel.handle.state.get().status === 'closed',
    });
  const showFollowed = (id: string): void => {
    const channel = live(id);
    if (channel !== null && store.get().items.some((item) => item.id === id)) onFollowed(channel);
  };
  const onConnection = (): void => {
    const { name } = connection.state.get();
    if (name === 'idle') list.take({ name: 'stopped' });
    if (name === 'connected') list.take({ name: 'connected' });
  };

  const watchers = createWatchers(
    () => {
      unsubscribes = [
        inbox.on((event) => {
          // A channel that is followed here says more than the inbox does.
          if (event.__typename !== 'ChannelBumped' || live(event.channelId) === null)
            list.take({ name: 'inbox', event });
        }),
        onChanged(onFollowed),
        connection.state.subscribe(onConnection),
        inbox.watch(),
      ];
      list.take({ name: 'watched', synced: inbox.synced, epoch: inbox.epoch });
    },
    () => {
      loader.release();
      for (const unsubscribe of unsubscribes) unsubscribe();
      list.take({ name: 'left' });
    },
  );

  const more = async (): Promise<void> => {
    const { generation, cursor } = list.state;
    const page = await loadPage(execute, { filter, sort, first: pageSize, after: cursor });
    list.take({ name: 'more-loaded', generation, page });
  };

  return {
    get: store.get,
    subscribe: store.subscribe,
    refresh: () =>
      load().catch((cause: unknown) => {
        list.take({ name: 'load-failed', error: asParleyError(cause, 'load the list') });
        throw cause;
      }),
    loadMore() {
      if (!store.get().hasMore || list.state.cursor === null) return Promise.resolve();
      loadingMore ??= more().finally(() => {
        loadingMore = null;
      });
      return loadingMore;
    },
    watch: watchers.watch,
  };
}
