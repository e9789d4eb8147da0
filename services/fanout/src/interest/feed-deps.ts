import type { Clock } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { BusFeeds } from './bus-feeds.ts';

/** What a subscription to a feed of the bus needs. */
export interface FeedDeps {
  readonly feeds: BusFeeds;
  readonly ask: AskApi;
  readonly clock: Clock;
}

/** All subscriptions of a node ask again when the bus is back; not all in the same instant. */
export const reopenSpreadMs = 1_000;
