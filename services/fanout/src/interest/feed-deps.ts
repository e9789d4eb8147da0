import type { Clock } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { Counters } from '../counters.ts';
import type { Leases } from '../presence/leases.ts';
import type { PresenceWatches } from '../presence/presence-watches.ts';
import type { BusFeeds } from './bus-feeds.ts';
import type { Inboxes } from './inboxes.ts';

/** Dependencies of a subscription to a feed of the bus. */
export interface FeedDeps {
  readonly feeds: BusFeeds;
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly counters: Pick<Counters, 'inboxRepairs'>;
  readonly inboxes: Pick<Inboxes, 'add'>;
  readonly leases: Pick<Leases, 'announced' | 'onLapse'>;
  readonly presence: Pick<PresenceWatches, 'watch'>;
}

/** All subscriptions of a node ask again when the bus or the leases are back, spread over this time. */
export const reopenSpreadMs = 1_000;
