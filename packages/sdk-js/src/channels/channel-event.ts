import type { ChannelEvent as KnownEvent, LoggedEvent as KnownLoggedEvent, Seq, User } from '@parley/contracts';
import { completed } from '../messages/message-page.ts';
import type { ChannelEventsSubscription } from '../operations/documents.ts';

/**
 * An event that this version of the SDK does not know, because the server is newer. Its `__typename` is the name on the server; `%other` stands for all of them, so that
 * a comparison with a known name narrows the type as usual.
 */
export interface UnknownEvent {
  readonly __typename: '%other';
  readonly channelId: string;
  readonly at: string;
  /** Position in the log; absent for events that are not in it. */
  readonly seq?: Seq;
  readonly actor?: User | null;
}

/** An event of a channel. */
export type ChannelEvent = KnownEvent | UnknownEvent;
/** A durable event: it has a position in the channel's log. */
export type LoggedEvent = KnownLoggedEvent | (UnknownEvent & { readonly seq: Seq; readonly actor: User | null });

/** Whether the event has a position in the log, also when its kind is unknown. */
export const isLogged = (event: ChannelEvent): event is LoggedEvent =>
  'seq' in event &&
  event.seq !== undefined &&
  event.__typename !== 'ChannelSynced' &&
  event.__typename !== 'ChannelReset';

/** An event as the server sent it. That this compiles says that the subscription asks for all that each kind of event has. */
export const eventOf = (received: ChannelEventsSubscription['channelEvents']): ChannelEvent =>
  'message' in received ? { ...received, message: completed(received.message) } : received;
