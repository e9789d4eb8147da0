import type { Context } from '../context.ts';
import { createEmitter } from '../lib/emitter.ts';
import { createStore } from '../lib/store.ts';
import { createWatchers } from '../lib/watchers.ts';
import { inboxSubscription, unreadQuery } from '../operations/documents.ts';
import { createRetrying } from '../operations/retrying.ts';
import type { Inbox, InboxState } from './inbox.ts';
import { type InboxEvent, inboxEventOf } from './inbox-event.ts';
import { createNewestNumbers } from './newest-numbers.ts';

/** The inbox as the rest of the client has it. */
export interface LiveInbox extends Inbox {
  /** Whether every change from here on will arrive. */
  readonly synced: boolean;
  /** Epoch of the log; null before it is synced for the first time. */
  readonly epoch: string | null;
}

export function createInbox(
  context: Pick<Context, 'clock' | 'random' | 'connection' | 'execute' | 'subscribe'>,
): LiveInbox {
  const { execute, subscribe } = context;
  const store = createStore<InboxState>({ status: 'idle', totalUnread: 0, unreadChannels: 0 });
  const events = createEmitter<InboxEvent>();
  let newest = createNewestNumbers();
  let epoch: string | null = null;
  let cursor: string | null = null;
  const watchers = createWatchers(
    () => {
      set({ status: 'loading' });
      follow();
      loader.run();
    },
    () => {
      loader.release();
      stopEvents();
      synced = false;
      set({ status: 'idle' });
    },
  );
  let stopEvents = (): void => {};
  let synced = false;
  /** Counted so that a slow answer does not overwrite numbers that an event has brought meanwhile. */
  let changes = 0;

  const set = (part: Partial<InboxState>): void => store.update((state) => ({ ...state, ...part }));

  const loader = createRetrying(
    context,
    async () => {
      const before = changes;
      const { unread } = await execute(unreadQuery, {});
      if (before === changes) set({ status: 'ready', ...unread });
    },
    (error) => {
      if (!error.retryable) set({ status: 'failed' });
    },
  );

  const receive = (event: InboxEvent): void => {
    cursor = event.cursor;
    if (newest.isLate(event)) return;
    if (event.__typename === 'UnreadChanged') {
      changes += 1;
      const { totalUnread, unreadChannels } = event;
      set({ status: 'ready', totalUnread, unreadChannels });
    }
    // Once it was live, its cursor covers whatever interruption follows.
    synced ||= event.__typename === 'InboxSynced';
    if (event.__typename === 'InboxSynced' && event.epoch !== epoch) {
      epoch = event.epoch;
      newest = createNewestNumbers();
    }
    events.emit(event);
  };

  const follow = (): void => {
    stopEvents = subscribe(inboxSubscription, () => (cursor === null ? {} : { after: cursor }), {
      next: ({ inbox }) => receive(inboxEventOf(inbox)),
      error(error) {
        // A cursor may outlive what the server still understands; without it the stream starts anew.
        if (cursor === null || error.code !== 'invalid_input') return set({ status: 'failed' });
        cursor = null;
        synced = false;
        follow();
        loader.run();
      },
    });
  };

  return {
    get: store.get,
    subscribe: store.subscribe,
    on: events.on,
    get synced() {
      return synced && watchers.any;
    },
    get epoch() {
      return epoch;
    },
    watch: watchers.watch,
  };
}
