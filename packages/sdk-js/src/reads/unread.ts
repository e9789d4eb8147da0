import type { LoggedEvent, Message } from '@parley/contracts';
import type { UnreadState } from '../channels/channel.ts';
import type { ChannelFeature } from '../channels/channel-feature.ts';
import type { Clock } from '../lib/clock.ts';
import { sameFields } from '../lib/same-fields.ts';
import type { Store } from '../lib/store.ts';
import { createStore } from '../lib/store.ts';
import { createTimer } from '../lib/timer.ts';
import { isFirstDeletion } from '../messages/deletion.ts';

type LoggedMessageEvent = Extract<LoggedEvent, { readonly message: Message }>;

/** The viewer's unread numbers: the server's, carried on by what happens. */
export interface Unread extends ChannelFeature {
  readonly store: Store<UnreadState>;
  /** Absolute numbers as of position `seq`; they count once the events up to there have been applied, unless one has read on by then. */
  correct(seq: number, count: number, mentions: number): void;
  /** The viewer has read up to `readSeq`; returns what to do should the server refuse. */
  advance(readSeq: number): () => void;
}

export interface UnreadOptions {
  readonly clock: Clock;
  readonly userId: () => string | null;
  /** Position of the last event that was applied. */
  readonly head: () => number;
  /** The loaded messages, oldest first, and whether there are others. */
  readonly loaded: () => {
    readonly messages: readonly Message[];
    readonly hasOlder: boolean;
    readonly hasNewer: boolean;
  };
  /** Asks the server for the numbers, which come by `correct`. */
  readonly ask: () => void;
}

/** What was read within this time becomes one question. */
const askMs = 250;

export function createUnread({ clock, userId, head, loaded, ask }: UnreadOptions): Unread {
  const store = createStore<UnreadState>({ count: 0, mentions: 0, readSeq: 0 });
  const timer = createTimer(clock);
  /** The newest numbers of the server, and up to where was read when they came. */
  let newest = { ...store.get(), seq: 0 };
  /** Messages that are not loaded were read since the server's numbers came. */
  let isUncertain = false;

  const counts = (message: Message, readSeq: number): boolean =>
    message.seq > readSeq && message.kind === 'REGULAR' && message.parentId === null && message.user?.id !== userId();
  const mentionsViewer = ({ mentionedUsers }: Message): boolean => mentionedUsers.some(({ id }) => id === userId());

  const set = (next: UnreadState): void => {
    if (!sameFields(next, store.get())) store.set(next);
  };
  const add = (message: Message, by: 1 | -1): void => {
    const { count, mentions, readSeq } = store.get();
    const mentioned = mentionsViewer(message) ? by : 0;
    set({ readSeq, count: Math.max(0, count + by), mentions: Math.max(0, mentions + mentioned) });
  };
  const discount = (message: Message): void => {
    if (counts(message, store.get().readSeq)) add(message, -1);
  };
  /**
   * A replay shows messages as they are now, so any event may be the first to show that one is deleted. The deleted message no longer says whom it mentioned; the
   * loaded one does, as it was before. A message that is not loaded is discounted by its deletion.
   */
  const forget = (event: LoggedMessageEvent): void => {
    const known = loaded().messages.find(({ id }) => id === event.message.id);
    if (known !== undefined) {
      const isGone = event.message.deletedAt !== null || event.__typename === 'MessageDeleted';
      if (isGone && known.deletedAt === null) discount(known);
    } else if (event.__typename === 'MessageDeleted' && isFirstDeletion(event)) discount(event.message);
  };
  const moveTo = (readSeq: number): void => {
    const now = store.get();
    if (readSeq <= now.readSeq) return;
    if (readSeq >= head()) return void set({ readSeq, count: 0, mentions: 0 });
    const { messages, hasOlder, hasNewer } = loaded();
    const loadedFrom = hasOlder ? (messages[0]?.seq ?? Number.POSITIVE_INFINITY) : 0;
    const loadedTo = hasNewer ? (messages.at(-1)?.seq ?? 0) : Number.POSITIVE_INFINITY;
    const unread = messages.filter((message) => message.deletedAt === null && counts(message, now.readSeq));
    const left = unread.filter(({ seq }) => seq > readSeq);
    const leftMentions = left.filter(mentionsViewer).length;
    if (!hasNewer && loadedFrom <= readSeq + 1) {
      set({ readSeq, count: left.length, mentions: leftMentions });
    } else if (loadedFrom <= now.readSeq + 1 && readSeq <= loadedTo) {
      const mentions = now.mentions - unread.filter(mentionsViewer).length + leftMentions;
      const count = now.count - unread.length + left.length;
      set({ readSeq, count: Math.max(0, count), mentions: Math.max(0, mentions) });
    } else {
      // What is not loaded cannot be counted here.
      set({ ...now, readSeq });
      isUncertain = true;
    }
  };
  const settle = (): void => {
    const { seq, ...numbers } = newest;
    // Numbers as of an earlier position miss what was applied since, and those from before a read miss that; newer ones will come.
    if (head() === seq && numbers.readSeq === store.get().readSeq) {
      set(numbers);
      isUncertain = false;
    }
    // Where an inbox is followed, its numbers mostly come first. Without an answer the next event asks again, at the latest that of the next connection.
    if (isUncertain && !timer.active) timer.set(() => isUncertain && ask(), askMs);
  };

  return {
    store,
    reset({ data: { seq }, viewer: { readSeq, unreadCount, unreadMentions } }) {
      isUncertain = false;
      store.set({ readSeq, count: unreadCount, mentions: unreadMentions });
      newest = { ...store.get(), seq };
    },
    correct(seq, count, mentions) {
      // Under one position a count only falls, by reading: these were overtaken on their way.
      if (seq < newest.seq || (seq === newest.seq && count > newest.count)) return;
      newest = { readSeq: store.get().readSeq, count, mentions, seq };
      settle();
    },
    advance(readSeq) {
      const before = store.get();
      moveTo(readSeq);
      settle();
      const moved = store.get();
      return () => {
        if (store.get() === moved) store.set(before);
        settle();
      };
    },
    stop: timer.clear,
    apply(event) {
      const { readSeq } = store.get();
      // A replay shows what was deleted since as deleted already.
      if (event.__typename === 'MessageCreated' && event.message.deletedAt === null && counts(event.message, readSeq))
        add(event.message, 1);
      else if ('message' in event) forget(event);
      if (event.__typename === 'ReadAdvanced' && event.userId === userId()) moveTo(event.readSeq);
      settle();
    },
  };
}
