import type { EphemeralEvent, LoggedEvent } from '../events/channel-events.ts';
import type { InboxEvent, PresenceChanged } from '../events/inbox-events.ts';
import type { DateTime } from '../events/objects.ts';

/**
 * On {@link subjects.channel}. Logged events of one message are consecutive; receivers order by `seq`, never by arrival. `epoch` is with logged
 * events: their positions mean nothing in another one.
 */
export interface ChannelBusMessage {
  readonly epoch?: string | undefined;
  readonly events: readonly (LoggedEvent | EphemeralEvent)[];
}

/**
 * The rights of a user or an app changed, at this time of the database: their sessions are judged anew, and so is each of their subscriptions. It says
 * nothing of the change itself, so that a new kind of change needs no new message; a second copy does no harm.
 */
export interface AccessBusMessage {
  readonly kind: 'access';
  readonly at: DateTime;
}

/** On {@link subjects.user}. `revoked`: sockets whose token was issued, or seen by the API, at or before `issuedBefore` (ISO 8601) are closed. */
export type UserBusMessage =
  | { readonly kind: 'inbox'; readonly epoch?: string | undefined; readonly events: readonly InboxEvent[] }
  | { readonly kind: 'revoked'; readonly issuedBefore: string }
  | AccessBusMessage;

/** Profiles of users of the app changed: nodes ask which of their channels and inboxes show them (`users.recent`). One that is lost makes them ask later. */
export interface UsersBusMessage {
  readonly kind: 'users';
}

/** On {@link subjects.app}. `keyId` null: every key of the app. */
export type AppBusMessage =
  | { readonly kind: 'revoked'; readonly keyId: string | null; readonly issuedBefore: string }
  | AccessBusMessage
  | UsersBusMessage;

/** On {@link subjects.presence}. */
export interface PresenceBusMessage {
  readonly event: PresenceChanged;
}

/**
 * On {@link subjects.changes}: channels whose logs grew, so that readers of the log on other nodes look there at once. One that is lost makes them find out
 * a little later.
 */
export interface ChangesBusMessage {
  /** The node that publishes, which need not hear it. */
  readonly nodeId: string;
  readonly channels: readonly { readonly appId: string; readonly channelId: string }[];
}

/** On {@link subjects.heartbeats}: a fan-out node lives, or leaves. */
export interface HeartbeatBusMessage {
  readonly nodeId: string;
  /** ISO 8601. Distinguishes a node from the one that had its id before. */
  readonly startedAt: string;
  /** Whether its own probes come back to it: when they do not, others need not look for the fault at their side. */
  readonly hearsItself: boolean;
  readonly leaving: boolean;
}
