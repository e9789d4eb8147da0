import { mapEach, type User } from '@parley/contracts';
import * as limits from '@parley/contracts/client-limits';
import type { ChannelFeature } from '../channels/channel-feature.ts';
import type { Clock } from '../lib/clock.ts';
import type { Store } from '../lib/store.ts';
import { createStore } from '../lib/store.ts';
import type { Timer } from '../lib/timer.ts';
import { createTimer } from '../lib/timer.ts';
import { newerUser } from '../users/newer-user.ts';

/** The others who are typing in the channel itself, the earliest first. */
export interface TypingUsers extends ChannelFeature {
  readonly store: Store<readonly User[]>;
}

export function createTypingUsers(clock: Clock, userId: () => string | null): TypingUsers {
  const store = createStore<readonly User[]>([]);
  const expiries = new Map<string, Timer>();

  const remove = (id: string): void => {
    expiries.get(id)?.clear();
    if (expiries.delete(id)) store.update((users) => users.filter((user) => user.id !== id));
  };
  const add = (user: User): void => {
    const expiry = expiries.get(user.id) ?? createTimer(clock);
    if (!expiries.has(user.id)) {
      expiries.set(user.id, expiry);
      store.update((users) => [...users, user]);
    }
    // The word that it stopped may be lost: it is ephemeral.
    expiry.set(() => remove(user.id), limits.typingMs);
  };

  const clear = (): void => {
    for (const expiry of expiries.values()) expiry.clear();
    expiries.clear();
    if (store.get().length > 0) store.set([]);
  };

  return {
    store,
    apply(event) {
      if (event.__typename === 'MessageCreated' && event.message.user !== null) remove(event.message.user.id);
      if (event.__typename === 'UserUpdated') store.update((users) => mapEach(users, newerUser(event.user)));
      if (event.__typename !== 'TypingChanged' || event.parentId !== null || event.user.id === userId()) return;
      if (event.typing) add(event.user);
      else remove(event.user.id);
    },
    status(status) {
      // Nobody says any more that somebody stopped.
      if (status !== 'live') clear();
    },
    stop: clear,
  };
}
