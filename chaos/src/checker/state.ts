/** A message as somebody holds it. */
export interface HeldMessage {
  readonly id: string;
  readonly seq: number;
  readonly text: string;
  readonly deleted: boolean;
  /** `type×count`, sorted. */
  readonly reactions: readonly string[];
}

/** One channel as rows say it is. */
export interface ChannelRows {
  readonly appId: string;
  readonly channelId: string;
  readonly head: number;
  /** The log, by `seq`. */
  readonly events: readonly { readonly seq: number; readonly type: string; readonly messageId: string | null }[];
  readonly messages: readonly (HeldMessage & { readonly userId: string })[];
  /** User id → read pointer and the unread messages counted from rows, not from any number that is kept. */
  readonly members: ReadonlyMap<string, { readonly readSeq: number; readonly unread: number }>;
}

/** One channel as the API answers a member. */
export interface ChannelAnswer {
  readonly appId: string;
  readonly channelId: string;
  readonly userId: string;
  readonly messages: readonly HeldMessage[];
  readonly readSeq: number;
  readonly unread: number;
}

/** One channel as a client shows it. */
export interface ClientView {
  readonly appId: string;
  readonly channelId: string;
  readonly userId: string;
  /** Of the channel's handle, `live` when all is well. */
  readonly status: string;
  readonly messages: readonly HeldMessage[];
  /** Whether older messages exist that the client has not loaded. */
  readonly hasOlder: boolean;
  readonly reads: ReadonlyMap<string, number>;
  readonly readSeq: number;
  readonly unread: number;
}

/** The inbox of one person as the client shows it. */
export interface InboxView {
  readonly appId: string;
  readonly userId: string;
  readonly totalUnread: number;
  readonly unreadChannels: number;
}

/** Everything at rest, after the run. */
export interface FinalState {
  readonly rows: readonly ChannelRows[];
  readonly answers: readonly ChannelAnswer[];
  readonly clients: readonly ClientView[];
  readonly inboxes: readonly InboxView[];
}

/** What of an invariant was broken. */
export type Breach =
  | 'lost'
  | 'duplicated'
  | 'reordered'
  | 'phantom'
  | 'diverged'
  | 'unread'
  | 'crossed'
  /** A promise of the fault's own, such as an answer within so many seconds. */
  | 'promise';

export interface Violation {
  readonly breach: Breach;
  readonly detail: string;
}

/** What identifies a channel of an app. */
export const placeOf = ({ appId, channelId }: { readonly appId: string; readonly channelId: string }): string =>
  `${appId} ${channelId}`;
