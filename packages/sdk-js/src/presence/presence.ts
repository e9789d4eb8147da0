import type { Store } from '../lib/store.ts';

export interface PresenceState {
  readonly online: boolean;
  /** ISO 8601. */
  readonly lastActiveAt: string | null;
}

export interface Presence {
  /** Null until it is known, which takes a watch. The same id gives the same store. */
  of(userId: string): Store<PresenceState | null>;
  /** Keeps these users' presence current; watches are merged into as few subscriptions as possible. Returns a function that unsubscribes. */
  watch(userIds: readonly string[]): () => void;
}
