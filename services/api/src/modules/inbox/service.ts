import type { Channel, InboxEvent, Message } from '@parley/contracts';
import type { RecentInboxes } from '@parley/contracts/bus';
import { type Actor, requireUser, type UserActor } from '../../platform/actor.ts';
import type { EventBatch } from '../../platform/event-batch.ts';
import { noticesOf, readNotice } from './notices.ts';
import { openInboxes } from './open-inbox.ts';
import { createInboxProjector, type ProjectorDependencies } from './projector.ts';
import { type RecentQuestion, recentInboxes } from './recent.ts';
import { type Unread, type UnreadTotals, unreadOf, unreadTotals } from './unread.ts';

/** Totals over all channels of the viewer. */
export type UnreadSummary = UnreadTotals;

export interface InboxPage {
  readonly events: readonly InboxEvent[];
  /** Passed back as `page` until null. */
  readonly next: string | null;
}

/** One user who opens the inbox; an error in its place is answered with itself. */
export interface InboxQuestion {
  readonly actor: UserActor | Error;
  readonly after: string | null;
  readonly page: string | null;
}

/** What the inbox shows of other modules' things; by channel id, in one statement each. */
export interface InboxSources {
  channels(appId: string, channelIds: readonly string[]): Promise<Map<string, Channel>>;
  lastMessages(appId: string, channelIds: readonly string[]): Promise<Map<string, Message>>;
}

export interface InboxService {
  /** @throws forbidden for a server token without `sub` */
  summary(actor: Actor): Promise<UnreadSummary>;
  /** The user's numbers in those of the channels of which it is a member; the others are absent. One statement. */
  unreadOf(appId: string, userId: string, channelIds: readonly string[]): Promise<Map<string, Unread>>;
  /**
   * For each: absolute state for what changed since the cursor `after`, or only the totals without one; the last page ends with InboxSynced. A page
   * is cut by count and bytes. A refusal (invalid_input) in the place of one that is refused. All of an app are answered at the price of one.
   */
  openMany(questions: readonly InboxQuestion[]): Promise<readonly (InboxPage | Error)[]>;
  /** The changes that a node's users should have been sent by now: see `inbox.recent` of the bus. @throws invalid_input */
  recent(question: RecentQuestion): Promise<RecentInboxes>;
  /** To be called after a read pointer moved: notifies the reader's own devices, after a throttle. Never throws. */
  readMoved(appId: string, channelId: string, userId: string): void;
  /** To be called with what was published: notifies the members. Never throws. */
  published(batch: Pick<EventBatch, 'appId' | 'channelId' | 'events'>): void;
  /** Sends nothing more. */
  close(): Promise<void>;
}

export function createInboxService(dependencies: ProjectorDependencies): InboxService {
  const { sql } = dependencies;
  const projector = createInboxProjector(dependencies);
  return {
    async summary(actor) {
      const { appId, userId } = requireUser(actor, 'count what is unread');
      const [totals] = await unreadTotals(sql, [{ appId, userId }]);
      const { totalUnread, unreadChannels, unreadMentions } = totals ?? {
        totalUnread: 0,
        unreadChannels: 0,
        unreadMentions: 0,
      };
      return { totalUnread, unreadChannels, unreadMentions };
    },
    unreadOf: (appId, userId, channelIds) => unreadOf(sql, appId, userId, channelIds),
    openMany: (questions) => openInboxes(dependencies, questions),
    recent: (question) => recentInboxes(dependencies, question),
    readMoved: (appId, channelId, userId) => projector.add(readNotice(appId, channelId, userId)),
    published: ({ appId, channelId, events }) => projector.add(noticesOf(appId, channelId, events)),
    close: projector.close,
  };
}
