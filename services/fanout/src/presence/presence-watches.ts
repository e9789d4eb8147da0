import type { PresenceChanged } from '@parley/contracts';
import type { BusFeeds, Listening } from '../interest/bus-feeds.ts';

/** Receives the changes of presence of some users. */
export interface PresenceWatcher {
  changed(event: PresenceChanged): void;
}

/** The result of {@link PresenceWatches.watch}. */
export interface PresenceWatch {
  /** Changes that are published from then on arrive. @throws unavailable */
  readonly ready: Promise<void>;
  /** Once. */
  stop(): void;
}

interface Watched {
  readonly listening: Listening;
  readonly watchers: Set<PresenceWatcher>;
}

/** The users whose presence is watched on this node. Each takes one bus subscription, and one place in a set for each watcher. */
export class PresenceWatches {
  readonly #feeds: Pick<BusFeeds, 'presence'>;
  readonly #ofUsers = new Map<string, Watched>();

  constructor(feeds: Pick<BusFeeds, 'presence'>) {
    this.#feeds = feeds;
  }

  /** Users that are watched. */
  get size(): number {
    return this.#ofUsers.size;
  }

  watch(appId: string, userIds: readonly string[], watcher: PresenceWatcher): PresenceWatch {
    const keys = userIds.map((userId) => `${appId} ${userId}`);
    const readies = userIds.map((userId, index) => {
      const watched = this.#ofUsers.get(keys[index] ?? '') ?? this.#open(appId, userId, keys[index] ?? '');
      watched.watchers.add(watcher);
      return watched.listening.ready;
    });
    return {
      ready: Promise.all(readies).then(() => undefined),
      stop: () => {
        for (const key of keys) this.#leave(key, watcher);
      },
    };
  }

  #open(appId: string, userId: string, key: string): Watched {
    const watchers = new Set<PresenceWatcher>();
    const listening = this.#feeds.presence(appId, userId, ({ event }) => {
      for (const watcher of watchers) watcher.changed(event);
    });
    const watched: Watched = { listening, watchers };
    this.#ofUsers.set(key, watched);
    return watched;
  }

  #leave(key: string, watcher: PresenceWatcher): void {
    const watched = this.#ofUsers.get(key);
    if (watched === undefined || !watched.watchers.delete(watcher) || watched.watchers.size > 0) return;
    this.#ofUsers.delete(key);
    watched.listening.stop();
  }
}
