import type { Store } from '../lib/store.ts';
import type { InboxEvent } from './inbox-event.ts';

export interface InboxState {
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly totalUnread: number;
  readonly unreadChannels: number;
}

/** The viewer's own stream: unread numbers, and what happens in channels that nobody watches here. */
export interface Inbox extends Store<InboxState> {
  /** Ref-counted. Returns a function that ends this watch; the last one stops it. */
  watch(): () => void;
  /** Calls the listener with each event while somebody watches. Returns a function that unsubscribes. */
  on(listener: (event: InboxEvent) => void): () => void;
}
