import type { User } from '@parley/contracts';
import type { ChannelList, ChannelQuery } from './channel-list/channel-list.ts';
import type { Channel } from './channels/channel.ts';
import type { CreateChannelInput } from './channels/channel-input.ts';
import type { ConnectionState } from './connection/state.ts';
import type { WebSocketConstructor } from './connection/websocket.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { LogOptions } from './lib/log.ts';
import type { Store } from './lib/store.ts';
import type { ExecuteOptions } from './operations/execute.ts';
import type { SubscriptionSink, SubscriptionVariables } from './operations/subscriptions.ts';
import type { Presence } from './presence/presence.ts';
import type { Page, UpdateMeInput, UserQuery } from './users/users.ts';

/** The options of a client apart from its token. */
export interface BaseOptions extends LogOptions {
  /** The API's endpoint: `https://…/graphql`. */
  readonly url: string;
  /** Default: `url` with `ws(s)://`. */
  readonly subscriptionsUrl?: string | undefined;
  /** Default: the global one. Node 20 has none: pass the one of the `ws` package, else the client uses SSE. */
  readonly webSocket?: WebSocketConstructor | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** `auto` (the default) falls back to SSE where a WebSocket cannot be opened. */
  readonly transport?: 'auto' | 'websocket' | 'sse' | undefined;
  /**
   * The one user whom the client belongs to, for life; a token of anybody else is refused with `wrong_user`. Default: the user of the first token. Pass it where
   * the token source follows whoever is signed in.
   */
  readonly userId?: string | undefined;
}

/** A token that never changes, or a way to get one whenever one is needed; with `getToken` the session is renewed without a gap. */
export type ClientOptions = BaseOptions &
  (
    | { readonly token: string; readonly getToken?: undefined }
    | { readonly getToken: () => string | Promise<string>; readonly token?: undefined }
  );

/** One user's connection to one app. Connects by itself at the first need; `disconnect` leaves no timer and no socket behind. */
export interface Client {
  readonly connection: Store<ConnectionState>;
  /**
   * The viewer; null until it was loaded, soon after the first connection. It follows what other tabs and the back end change while the inbox, a list of channels or a channel is
   * watched.
   */
  readonly me: Store<User | null>;
  /** The option, else the user of the first token: null before that was got, and for server tokens that act for nobody. */
  readonly userId: string | null;
  /**
   * Resolves once connected. After a `failed` state it is the way to try again. Rejects at once when `getToken` fails, and the client goes on trying.
   * @throws unauthenticated, wrong_user, timeout (30 s; the client goes on trying), disconnected, what `getToken` throws
   */
  connect(): Promise<void>;
  /**
   * Closes the socket and ends what is in flight with `disconnected`. What channels have to send is kept: a later `connect`, `subscribe` or `watch` connects
   * again, resumes and sends it.
   */
  disconnect(): void;
  /**
   * Runs a query or mutation: over the socket when it is open, else by HTTP; 15 s by default. An aborted call rejects with the
   * signal's reason.
   * @throws ParleyError with the server's code, or disconnected, timeout
   */
  execute<Data>(document: string, variables?: Record<string, unknown>, options?: ExecuteOptions): Promise<Data>;
  /**
   * Starts a subscription, which survives reconnects: it is started again with the same variables, or with what the function says then
   * (the newest `after`). Retryable errors are retried; another one ends it. Returns a function that unsubscribes.
   */
  subscribe<Data>(
    document: string,
    variables: SubscriptionVariables | undefined,
    sink: SubscriptionSink<Data>,
  ): () => void;
  /** The handle of a channel; the same id gives the same handle. @throws invalid_input */
  channel(id: string): Channel;
  /**
   * Gets or creates. Without `key`: the direct conversation of these members, which one who left it has again by this call. With `key`: the channel of
   * that key which the user may read, else one of the user's own; its id is that of the answer. @throws invalid_input, not_found, forbidden, conflict
   */
  createChannel(input: CreateChannelInput): Promise<Channel>;
  /** A list that stays true to its filter and its order while it is watched. */
  channels(query?: ChannelQuery): ChannelList;
  readonly inbox: Inbox;
  readonly presence: Presence;
  /** @throws invalid_input */
  updateMe(input: UpdateMeInput): Promise<User>;
  /** @throws invalid_input, forbidden */
  users(query?: UserQuery): Promise<Page<User>>;
}
