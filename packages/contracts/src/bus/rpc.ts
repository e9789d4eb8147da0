import type { ErrorCode, ErrorDetails } from '../errors.ts';
import type { LoggedEvent, ReadAdvanced } from '../events/channel-events.ts';
import type { InboxEvent, PresenceChanged } from '../events/inbox-events.ts';
import type { JsonObject } from '../json.ts';

/** Who a verified token speaks for. Made by the API from a token; trusted between our own services only. Times in epoch seconds. */
export interface Principal {
  readonly appId: string;
  readonly keyId: string;
  readonly scope: 'user' | 'server';
  /** Null: a server token that acts for nobody in particular. */
  readonly userId: string | null;
  readonly issuedAt: number;
  readonly expiresAt: number;
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
    readonly path?: readonly (string | number)[];
  }[];
}

/**
 * What a fan-out node asks the API over the bus: method → request and reply. Every wait has a deadline; a request that is repeated does no harm.
 */
export interface Rpc {
  /** Verifies a token. @throws unauthenticated, forbidden (origin not allowed) */
  'session.open': { request: { readonly token: string; readonly origin: string | null }; reply: Principal };
  /**
   * May this viewer watch the channel, and what has happened since `after`? Null: start at the head. `events` is the first page;
   * more follow by `channel.events` until `head`. `reset`: the log no longer reaches back to `after`. @throws forbidden, not_found
   */
  'channel.join': {
    request: { readonly principal: Principal; readonly channelId: string; readonly after: number | null };
    reply: {
      readonly head: number;
      readonly reset: boolean;
      readonly events: readonly LoggedEvent[];
      readonly reads: readonly ReadAdvanced[];
    };
  };
  /** A page of the log: `seq > after`, in order, cut by count and bytes; empty only when `after >= head` or the log begins later. */
  'channel.events': {
    request: { readonly appId: string; readonly channelId: string; readonly after: number; readonly limit: number };
    reply: { readonly head: number; readonly floor: number; readonly events: readonly LoggedEvent[] };
  };
  /** Heads of up to 500 channels; a deleted or unknown one is null. */
  'channel.heads': {
    request: { readonly channels: readonly { readonly appId: string; readonly channelId: string }[] };
    reply: { readonly heads: readonly (number | null)[] };
  };
  /**
   * Where the members have read to, of those who read last; none where the type of the channel has no read receipts. Asked when ReadAdvanced may
   * have been lost, since the log does not hold it. @throws not_found
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
  'presence.read': {
    request: { readonly principal: Principal; readonly userIds: readonly string[] };
    reply: { readonly events: readonly PresenceChanged[] };
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
  /** Runs a query or mutation with the same limits as over HTTP. Never rejects for a fault of the operation: that is in `errors`. */
  'graphql.execute': {
    request: { readonly principal: Principal; readonly operation: GraphqlRequest; readonly requestId: string };
    reply: GraphqlResult;
  };
}

export type RpcMethod = keyof Rpc;

export interface RpcFault extends Omit<ErrorDetails, 'cause'> {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What travels back. */
export type RpcReply<Method extends RpcMethod> =
  | { readonly ok: true; readonly value: Rpc[Method]['reply'] }
  | { readonly ok: false; readonly fault: RpcFault };
