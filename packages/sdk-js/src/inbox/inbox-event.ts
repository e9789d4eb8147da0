import type { InboxEvent as KnownEvent } from '@parley/contracts';

/** An inbox event that this version of the SDK does not know, because the server is newer. `%other` stands for its name, as in UnknownEvent. */
export interface UnknownInboxEvent {
  readonly __typename: '%other';
  readonly at: string;
  readonly cursor: string;
}

export type InboxEvent = KnownEvent | UnknownInboxEvent;
