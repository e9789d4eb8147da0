import type { PresenceChanged } from '@parley/contracts';
import { parseUserId } from '@parley/contracts';
import * as limits from '@parley/contracts/client-limits';
import type { Context } from '../context.ts';
import { sameFields } from '../lib/same-fields.ts';
import type { WritableStore } from '../lib/store.ts';
import { createStore } from '../lib/store.ts';
import { createTimer } from '../lib/timer.ts';
import { once } from '../lib/watchers.ts';
import { presenceSubscription } from '../operations/documents.ts';
import type { Presence, PresenceState } from './presence.ts';

/** A list that scrolls or a page that opens changes many watches at once. */
const settleMs = 50;

export function createPresence({
  clock,
  connection,
  subscribe,
}: Pick<Context, 'clock' | 'connection' | 'subscribe'>): Presence {
  const stores = new Map<string, WritableStore<PresenceState | null>>();
  const watched = new Map<string, number>();
  const settle = createTimer(clock);
  /** Subscribed sets of user ids, joined → how to end the subscription. */
  let running = new Map<string, () => void>();

  const storeOf = (userId: string): WritableStore<PresenceState | null> => {
    const store = stores.get(userId) ?? createStore<PresenceState | null>(null);
    stores.set(userId, store);
    return store;
  };
  const receive = ({ userId, online, lastActiveAt }: PresenceChanged): void => {
    const state = { online, lastActiveAt };
    storeOf(userId).update((known) => (known !== null && sameFields(known, state) ? known : state));
  };

  const follow = (userIds: readonly string[]): (() => void) =>
    subscribe(presenceSubscription, { userIds }, { next: ({ presenceChanges }) => presenceChanges.forEach(receive) });

  /** New sets start before old ones end, so that no change falls between them. */
  const apply = (): void => {
    const next = new Map<string, () => void>();
    const all = [...watched.keys()].sort();
    while (all.length > 0) {
      const userIds = all.splice(0, limits.presenceUserIds);
      const name = userIds.join(' ');
      next.set(name, running.get(name) ?? follow(userIds));
    }
    for (const [name, stop] of running) if (!next.has(name)) stop();
    running = next;
    // What nobody watches any more would go stale; it is unknown from now on.
    for (const [userId, store] of stores) if (!watched.has(userId)) store.set(null);
  };
  connection.state.subscribe(() => {
    const { name } = connection.state.get();
    if (name === 'idle') settle.clear();
    if (name === 'connected') apply();
  });
  const changed = (): void => {
    // The last one has gone: nothing is to be left behind, not even a timer.
    if (watched.size === 0) {
      settle.clear();
      apply();
    } else if (!settle.active) {
      settle.set(apply, settleMs);
    }
  };

  return {
    of: storeOf,
    watch(userIds) {
      const own = new Set(userIds.map((userId) => parseUserId(userId, 'userIds')));
      for (const userId of own) watched.set(userId, (watched.get(userId) ?? 0) + 1);
      if (own.size === 0) return () => {};
      changed();
      connection.need();
      return once(() => {
        for (const userId of own) {
          const count = (watched.get(userId) ?? 1) - 1;
          if (count > 0) watched.set(userId, count);
          else watched.delete(userId);
        }
        changed();
      });
    },
  };
}
