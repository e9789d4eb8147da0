import type { Context } from '../context.ts';
import { createMachine } from '../lib/machine.ts';
import { createTimer } from '../lib/timer.ts';
import { createWatchers } from '../lib/watchers.ts';
import { channelEventsSubscription } from '../operations/documents.ts';
import { createRetrying } from '../operations/retrying.ts';
import { type ChannelEvent, eventOf, isLogged } from './channel-event.ts';
import type { FeedEffect, FeedInput, FeedState } from './feed-state.ts';
import { newFeed, nextFeed } from './feed-state.ts';
import type { Snapshot } from './snapshot.ts';

/** Follows one channel: snapshot, then events without holes, over any number of connections. */
export interface Feed {
  /** Position of the last event that was applied; 0 before the first snapshot. */
  readonly head: number;
  /** Ref-counted. Returns a function that ends the watch. */
  watch(): () => void;
  /** The viewer may read the channel, perhaps again: a feed that was closed or failed opens anew. */
  reopen(): void;
}

export interface FeedOptions extends Pick<Context, 'clock' | 'random' | 'log' | 'connection' | 'subscribe'> {
  readonly channelId: string;
  readonly load: () => Promise<Snapshot>;
  /** Whether what is loaded is another place than the one that a channel opens at. */
  readonly isElsewhere: () => boolean;
  readonly onSnapshot: (snapshot: Snapshot) => void;
  /** Logged events come strictly in order, each once. */
  readonly onEvent: (event: ChannelEvent) => void;
  readonly onStatus: (status: FeedState['status'], error: FeedState['failure']) => void;
}

/** Does what the state machine says. */
export function createFeed(options: FeedOptions): Feed {
  const { channelId, clock, log, connection, subscribe, load, onSnapshot, onEvent, onStatus } = options;
  const timer = createTimer(clock);
  let head = 0;
  let unsubscribe = (): void => {};
  let unlisten = (): void => {};

  const run = (effect: FeedEffect): void => {
    switch (effect.name) {
      case 'load':
        loader.run();
        break;
      case 'subscribe':
        follow();
        break;
      case 'unsubscribe':
        unsubscribe();
        break;
      case 'set-timer':
        timer.set(() => feed.take({ name: 'due' }), effect.ms);
        break;
      case 'clear-timer':
        timer.clear();
        break;
      case 'reset':
        head = effect.snapshot.data.seq;
        onSnapshot(effect.snapshot);
        break;
      case 'deliver':
        if (isLogged(effect.event)) head = effect.event.seq;
        if (effect.event.__typename === 'ChannelReset') log('info', 'a channel has to be loaded anew', { channelId });
        onEvent(effect.event);
        break;
      case 'refetch':
        log('info', 'events are missing', { channelId, after: head });
        break;
      case 'status':
        log('debug', `a channel is ${feed.state.status}`, { channelId, seq: head, code: feed.state.failure?.code });
        onStatus(feed.state.status, feed.state.failure);
        break;
    }
  };

  const feed = createMachine<FeedState, FeedInput, FeedEffect>(newFeed, nextFeed, run);
  const loader = createRetrying(
    options,
    async () => {
      const snapshot = await load();
      feed.take({ name: 'loaded', snapshot, now: clock.now() });
    },
    (error) => feed.take({ name: 'load-failed', error }),
  );

  const follow = (): void => {
    unsubscribe();
    unsubscribe = subscribe(
      channelEventsSubscription,
      () => ({ channelId, after: feed.state.sequence.head, epoch: feed.state.epoch }),
      {
        next: ({ channelEvents }) => feed.take({ name: 'event', event: eventOf(channelEvents) }),
        error: (error) => feed.take({ name: 'refused', error }),
      },
    );
  };

  const onLink = (): void => feed.take({ name: connection.link.get() === null ? 'disconnected' : 'connected' });
  const watchers = createWatchers(
    () => {
      unlisten = connection.link.subscribe(onLink);
      connection.need();
      feed.take({ name: 'watched', now: clock.now(), elsewhere: options.isElsewhere() });
    },
    () => {
      unlisten();
      feed.take({ name: 'left', now: clock.now(), loading: loader.release() });
    },
  );

  return {
    reopen: () => feed.take({ name: 'readable' }),
    get head() {
      return head;
    },
    watch: watchers.watch,
  };
}
