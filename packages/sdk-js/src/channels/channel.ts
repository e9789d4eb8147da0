import type { Capability, Channel as ChannelData, Member, Message, ParleyError, User } from '@parley/contracts';
import type { Store } from '../lib/store.ts';
import type { EditInput, MessagesState, SendInput } from '../messages/message-view.ts';
import type { ChannelEvent } from './channel-event.ts';
import type { MemberInput, UpdateChannelInput } from './channel-input.ts';

export interface ChannelState {
  /**
   * `idle`: not watched. `loading`: the first snapshot is under way. `live`: every event arrives. `resuming`: the connection was lost, what
   * was missed will come. `closed`: deleted, or the viewer may no longer read it. `failed`: it could not be opened; `error` says why.
   */
  readonly status: 'idle' | 'loading' | 'live' | 'resuming' | 'closed' | 'failed';
  readonly data: ChannelData | null;
  /** The viewer's own; null for those who are no member. */
  readonly membership: Member | null;
  /** The rights of the viewer in the channel. */
  readonly capabilities: readonly Capability[];
  readonly error: ParleyError | null;
}

export interface UnreadState {
  readonly count: number;
  readonly mentions: number;
  /** Everything up to this position is read. */
  readonly readSeq: number;
}

export interface MessagesStore extends Store<MessagesState> {
  /** Puts the page before the oldest loaded message in front; does nothing while one is being loaded or when there is none. @throws ParleyError */
  loadOlder(): Promise<void>;
  /** Adds the page after the newest loaded message; does nothing while one is being loaded or when there is none. @throws ParleyError */
  loadNewer(): Promise<void>;
  /** Resolves once the message is loaded, by the page around it where it was not; false: it is not there, or a later jump went elsewhere. @throws ParleyError */
  loadAround(messageId: string): Promise<boolean>;
  /** Loads the newest messages, where they are not, in place of those that are loaded. @throws ParleyError */
  jumpToNewest(): Promise<void>;
}

export interface WatchOptions {
  /**
   * Which messages are loaded when the channel opens. `first-unread` (the default): when more is unread than a page, the page around the first unread one. `newest`:
   * always the newest page, for programs that read nothing and follow what is new. The latest watch decides.
   */
  readonly openAt?: 'first-unread' | 'newest' | undefined;
}

/** One channel: its state in stores, and what can be done in it. Stores are current while somebody watches. */
export interface Channel {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly state: Store<ChannelState>;
  readonly messages: MessagesStore;
  /** The first 100, and who joined since. */
  readonly members: Store<readonly Member[]>;
  /** User id → position up to which that user has read. */
  readonly reads: Store<ReadonlyMap<string, number>>;
  /** Others who are typing, the earliest first; threads left out. */
  readonly typing: Store<readonly User[]>;
  readonly unread: Store<UnreadState>;
  /** Loads the channel and follows it. Ref-counted. Returns a function that ends this watch; the last one stops it. */
  watch(options?: WatchOptions): () => void;
  /** Resolves once `live`; needs a watch. @throws the error of `failed` or `closed`; timeout (30 s) */
  ready(): Promise<void>;
  /**
   * Shows the message at once, loads the newest ones where they are not, sends it, and tries again while the outcome is unknown; never doubled. Sends, edits,
   * deletions and reactions wait in one outbox for a connection, as long as the client lives, also across `disconnect`, and go out one at a time in the order of
   * the calls.
   * @throws message refused: invalid_input, forbidden, conflict, feature_disabled, rate_limited when 200 wait; disconnected once discarded, not_found once deleted before its turn
   */
  send(input: string | SendInput): Promise<Message>;
  /** Does again what was refused: sends the failed message under its id, or repeats the edit or deletion. @throws not_found, and as what is done again */
  retry(messageId: string): Promise<Message>;
  /** Forgets a message that failed or waits for its turn, and what waits for it; of a sent message the edit and the deletion that failed or wait. */
  discard(messageId: string): void;
  /**
   * Shown at once as `pending`. A later edit is joined to one that waits. A refused one leaves its input in `failedEdit` of the message, which is shown as the
   * server has it. @throws as send
   */
  edit(messageId: string, input: string | EditInput): Promise<Message>;
  /** Shown at once as `pending`, taken back when refused. Drops what waits for the message; one that is not sent yet is just forgotten. @throws as send */
  delete(messageId: string, options?: { readonly hard?: boolean }): Promise<void>;
  /** Shown at once, taken back when refused. `exclusive` replaces the viewer's other reactions. @throws as send */
  react(
    messageId: string,
    type: string,
    options?: { readonly score?: number; readonly exclusive?: boolean },
  ): Promise<Message>;
  /** Shown at once, taken back when refused. A reaction that waits still is just forgotten. @throws as send */
  unreact(messageId: string, type: string): Promise<Message>;
  /** Default: everything. Never moves back. @throws ParleyError */
  markRead(seq?: number): Promise<void>;
  /** Call on every key: says "typing" at most every 2.5 s, and "stopped" 5 s after the last one. */
  keystroke(parentId?: string): void;
  stopTyping(): void;
  /** @throws ParleyError */
  update(input: UpdateChannelInput): Promise<void>;
  /** Ids, or members with a role. At most 100. @throws ParleyError */
  addMembers(members: readonly (string | MemberInput)[]): Promise<void>;
  /** One's own id is to leave. @throws ParleyError */
  removeMembers(userIds: readonly string[]): Promise<void>;
  /** Deletes the channel for all. @throws ParleyError */
  remove(): Promise<void>;
  /** Calls the listener with each event after the stores have it. Returns a function that unsubscribes. */
  on(listener: (event: ChannelEvent) => void): () => void;
}
