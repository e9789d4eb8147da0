import type { InboxEvent as KnownEvent } from '@parley/contracts';
import { completed } from '../messages/message-page.ts';
import type { InboxSubscription } from '../operations/documents.ts';

/** An inbox event that this version of the SDK does not know, because the server is newer. `%other` stands for its name, as in UnknownEvent. */
export interface UnknownInboxEvent {
  readonly __typename: '%other';
  readonly at: string;
  readonly cursor: string;
}

export type InboxEvent = KnownEvent | UnknownInboxEvent;

/** As `eventOf` of channels. */
export const inboxEventOf = (received: InboxSubscription['inbox']): InboxEvent =>
  received.__typename === 'ChannelBumped'
    ? { ...received, lastMessage: received.lastMessage === null ? null : completed(received.lastMessage) }
    : received;
