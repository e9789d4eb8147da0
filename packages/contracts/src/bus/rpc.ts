import type { ErrorCode, ErrorDetails } from '../errors.ts';
import type { LoggedEvent, ReadAdvanced } from '../events/channel-events.ts';
import type { InboxEvent, PresenceChanged } from '../events/inbox-events.ts';
import type { DateTime, Seq, User } from '../events/objects.ts';
import type { JsonObject } from '../json.ts';

/** How much one sees of others: all of it; not whether they are online; nothing but name and image, which everybody sees whose channel they are in. */
export type Sight = 'all' | 'no-presence' | 'names';

/**
 * The owner of a verified token. Made and signed by the API from a token, and believed by the API only with its signature: access to the bus alone is not
 * enough to make one. Times in epoch seconds.
 */
export interface Principal {
  readonly appId: string;
  readonly keyId: string;
  readonly scope: 'user' | 'server';
  /** Null: a server token that acts for nobody in particular. */
  readonly userId: string | null;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When the API looked at the token, by the clock that it judges tokens by; whose own clock is another counts from here. Fractions are kept. */
  readonly checkedAt?: number | undefined;
  /** How much it sees of others in events; absent: all. */
  readonly sight?: Sight | undefined;
  /** By the API, of all that is above; passed back as it came. */
  readonly signature?: string | undefined;
}

export interface GraphqlRequest {
  readonly query?: string | undefined;
  readonly operationName?: string | undefined;
  readonly variables?: JsonObject | undefined;
  readonly extensions?: JsonObject | undefined;
}

export interface GraphqlResult {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Record<string, unknown>;
    readonly locations?: readonly { readonly line: number; readonly column: number }[];
    readonly path?: readonly (string | number)[];
  }[];
}

/**
 * Questions that a fan-out node has by the thousand when many clients come at once: one message carries many of one method (see
 * {@link RpcManyRequest}), and the API answers all of them with a constant number of statements. A question that is repeated does no harm.
 */
export interface RpcQuestions {
  /** Verifies a token. @throws unauthenticated, forbidden (origin not allowed) */
  'session.open': { request: { readonly token: string; readonly origin: string | null }; reply: Principal };
  /**
   * Whether a session that was opened before may go on: its token neither expired nor was revoked, its website is still allowed. `again`: it has to be
   * opened anew, since what it may see is another now. @throws as above
   */
  'session.check': {
    request: { readonly principal: Principal; readonly origin: string | null };
    reply: { readonly again?: true };
  };
  /**
   * May this viewer watch the channel? `head` and `floor` (events up to it are pruned) are of the same moment as the permission, so a removal that
   * the permission did not see comes after `head`; so is `epoch`, outside of which these positions mean nothing. `after`: position of one who comes back.
   * `changedUsers`: members, of now or before, whose profile changed since the event there; null: more than are told, so that all of the channel has to be
   * loaded anew; absent: there is no such event. @throws forbidden, not_found
   */
  'channel.join': {
    request: { readonly principal: Principal; readonly channelId: string; readonly after?: number | undefined };
    reply: {
      readonly epoch: string;
      readonly head: number;
      readonly floor: number;
      readonly changedUsers?: readonly User[] | null;
    };
  };
  /** A page of the log: `seq > after`, in order, cut by count and bytes; empty only when `after >= head` or the log begins later. @throws not_found */
  'channel.events': {
    request: { readonly appId: string; readonly channelId: string; readonly after: number; readonly limit: number };
    reply: {
      readonly epoch: string;
      readonly head: number;
      readonly floor: number;
      readonly events: readonly LoggedEvent[];
    };
  };
  /**
   * Where the members have read to, of those who read last; none where the type of the channel has no read receipts. Asked, since the log does
   * not hold it, when a channel is first watched and when ReadAdvanced may have been lost. @throws not_found
   */
  'channel.reads': {
    request: { readonly appId: string; readonly channelId: string };
    reply: { readonly head: number; readonly reads: readonly ReadAdvanced[] };
  };
  /** Asked again when membership changed. @throws forbidden, not_found */
  'channel.authorize': {
    request: { readonly principal: Principal; readonly channelId: string };
    reply: Record<string, never>;
  };
  /** Absolute state since the cursor `after`; `next` is passed back as `page` until it is null. The last page ends with InboxSynced. */
  'inbox.open': {
    request: { readonly principal: Principal; readonly after: string | null; readonly page: string | null };
    reply: { readonly events: readonly InboxEvent[]; readonly next: string | null };
  };
  /** Up to 70 users of an app, as they are now, whoever asks: they stand in events. Unknown ones are absent. */
  'users.read': {
    request: { readonly appId: string; readonly userIds: readonly string[] };
    reply: { readonly users: readonly User[] };
  };
  'presence.read': {
    request: { readonly principal: Principal; readonly userIds: readonly string[] };
    reply: {
      readonly events: readonly PresenceChanged[];
      /**
       * Those of the users whose presence the asker may not see: they are offline in `events`, and changes of theirs are not to be sent. It
       * changes with who shares a channel, so it is asked again; absent: the asker sees everybody.
       */
      readonly hidden?: readonly string[];
    };
  };
}

/** The rights of a user, or of everybody of an app (`userId` null), changed at this time of the database. */
export interface AccessChange {
  readonly appId: string;
  readonly userId: string | null;
  readonly at: DateTime;
}

/** A user whose profile changed, and who is shown that. */
export interface ChangedUser {
  readonly appId: string;
  readonly user: User;
  /** Channels in which the user is a member or was one. */
  readonly channelIds: readonly string[];
  /** Users on the node who share a channel of up to 5,000 members with the user, and the user itself if it is there. */
  readonly viewerIds: readonly string[];
}

/** One member's numbers in one channel. */
export interface RecentNumbers {
  readonly appId: string;
  readonly userId: string;
  readonly channelId: string;
  readonly changedAt: DateTime;
  /** No member any more, or the channel is deleted. */
  readonly left: boolean;
  readonly seq: Seq;
  readonly unreadCount: number;
  readonly unreadMentions: number;
}

/** One user's numbers over all channels. */
export interface RecentTotals {
  readonly appId: string;
  readonly userId: string;
  readonly totalUnread: number;
  readonly unreadChannels: number;
}

/** See `inbox.recent` of {@link Rpc}. All times are the database's. */
export interface RecentInboxes {
  /** Of the log, as the node knows it. When it changes, listeners have to be sent all anew. */
  readonly epoch: string;
  /** Numbers sent for a later time are newer than these. */
  readonly at: DateTime;
  readonly since: DateTime;
  readonly cursor: string;
  readonly numbers: readonly RecentNumbers[];
  /** Only of users of whose channels none changed in the last seconds. */
  readonly totals: readonly RecentTotals[];
  readonly next: string | null;
}

/** Requests of a fan-out node to the API over the bus: method → request and reply. Every wait has a deadline; a request that is repeated does no harm. */
export interface Rpc extends RpcQuestions {
  /** Heads of up to 500 channels; a deleted or unknown one is null. */
  'channel.heads': {
    request: { readonly channels: readonly { readonly appId: string; readonly channelId: string }[] };
    reply: { readonly epoch: string; readonly heads: readonly (number | null)[] };
  };
  /**
   * The read pointers of up to 500 channels that moved after `since`, oldest first, up to 2,000 of them: the copies from the bus are compared with it. The
   * `since` of the reply goes with the next question, null with the first, which is answered with nothing else. A second copy does no harm.
   */
  'channel.recentReads': {
    request: {
      readonly channels: readonly { readonly appId: string; readonly channelId: string }[];
      readonly since: DateTime | null;
    };
    reply: { readonly since: DateTime; readonly reads: readonly (ReadAdvanced & { readonly appId: string })[] };
  };
  /**
   * The numbers of the users who are on this node and of these apps (up to 500), where anything changed after `since` and nothing in the last seconds:
   * so all of it must have been sent by now, and a user who missed some is sent what is new after `cursor`. `since` as in `channel.recentReads`; `next` is
   * passed back as `page`, with the same `since`, until it is null.
   */
  'inbox.recent': {
    request: {
      readonly nodeId: string;
      readonly appIds: readonly string[];
      readonly since: DateTime | null;
      readonly page: string | null;
    };
    reply: RecentInboxes;
  };
  /**
   * Changes of access to these apps (up to 500) after `since`: those that the bus brought as {@link AccessBusMessage} are compared with them.
   * `since` as in `channel.recentReads`; the first question looks back some seconds.
   */
  'access.recent': {
    request: { readonly appIds: readonly string[]; readonly since: DateTime | null };
    reply: { readonly since: DateTime; readonly changes: readonly AccessChange[] };
  };
  /**
   * Users of these apps (up to 500) whose profile changed after the `since` of their app. `since` of the reply goes with the next question; null looks back
   * some seconds. `next` is passed back as `page`, with the same `apps`, until it is null; a user with many channels comes on
   * several pages.
   */
  'users.recent': {
    request: {
      readonly nodeId: string;
      readonly apps: readonly { readonly appId: string; readonly since: DateTime | null }[];
      readonly page: string | null;
    };
    reply: {
      readonly since: DateTime;
      readonly changed: readonly ChangedUser[];
      readonly next: string | null;
    };
  };
  /** Says that these users hold a socket on this node, for `ttlMs` from now. Up to 1,000 a call. */
  'presence.renew': {
    request: {
      readonly nodeId: string;
      readonly ttlMs: number;
      readonly users: readonly { readonly appId: string; readonly userId: string }[];
    };
    reply: Record<string, never>;
  };
  /** Says that they no longer do. Up to 1,000 a call. */
  'presence.release': {
    request: {
      readonly nodeId: string;
      readonly users: readonly { readonly appId: string; readonly userId: string }[];
    };
    reply: Record<string, never>;
  };
  /** Whether an API node answers, and its database too. Never rejects for the database: that is in the reply. `ms`: how long that took. */
  'health.ping': {
    request: Record<string, never>;
    reply: { readonly postgres: { readonly ok: boolean; readonly ms: number; readonly error?: string } };
  };
  /** Runs a query or mutation with the same limits as over HTTP. Never rejects for a fault of the operation: that is in `errors`. */
  'graphql.execute': {
    request: { readonly principal: Principal; readonly operation: GraphqlRequest; readonly requestId: string };
    reply: GraphqlResult;
  };
}

export type RpcQuestionMethod = keyof RpcQuestions;

/** The methods whose messages carry many questions, and how many at most. */
export const questionsAtOnce: { readonly [Method in RpcQuestionMethod]: number } = {
  'session.open': 300,
  'session.check': 1_000,
  'channel.join': 300,
  'channel.events': 250,
  'channel.reads': 100,
  'channel.authorize': 500,
  'inbox.open': 300,
  'users.read': 50,
  'presence.read': 100,
};

/** Request of a method of {@link RpcQuestions}. */
export interface RpcManyRequest<Method extends RpcQuestionMethod> {
  readonly items: readonly RpcQuestions[Method]['request'][];
}

/** In the order asked. Null: the message had no room left for this answer; ask again. The first is never null. */
export interface RpcManyReply<Method extends RpcQuestionMethod> {
  readonly items: readonly (RpcReply<Method> | null)[];
}

export type RpcMethod = keyof Rpc;

export interface RpcFault extends Omit<ErrorDetails, 'cause'> {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Reply of a method. */
export type RpcReply<Method extends RpcMethod> =
  | { readonly ok: true; readonly value: Rpc[Method]['reply'] }
  | { readonly ok: false; readonly fault: RpcFault };
