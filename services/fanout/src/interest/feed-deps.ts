import type { Clock } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { Counters } from '../counters.ts';
import type { Leases } from '../presence/leases.ts';
import type { PresenceWatches } from '../presence/presence-watches.ts';
import type { BusFeeds } from './bus-feeds.ts';
import type { Inboxes } from './inboxes.ts';

/** What a subscription to a feed of the bus needs. */
export interface FeedDeps {
  readonly feeds: BusFeeds;
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly counters: Pick<Counters, 'inboxRepairs'>;
  readonly inboxes: Pick<Inboxes, 'add'>;
  readonly leases: Pick<Leases, 'told' | 'onLapse'>;
  readonly presence: Pick<PresenceWatches, 'watch'>;
}

/** All subscriptions of a node ask again when the bus is back, or leases are held again; not all in the same instant. */
export const reopenSpreadMs = 1_000;
