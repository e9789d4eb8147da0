import { type Channel, type InboxEvent, limits, type Message, type User } from '@parley/contracts';
import { toError } from '@parley/service-kit';
import type { UserActor } from '../../platform/actor.ts';
import type { LogEpoch } from '../../platform/log-epoch.ts';
import type { Sql } from '../../platform/sql.ts';
import { changedUsersFor } from './changed-users.ts';
import { changedSince, decodePosition, encodePosition, type InboxPosition, inboxCursor } from './cursor.ts';
import { type ChangedChannel, changedChannels } from './repository.ts';
import type { InboxPage, InboxQuestion, InboxSources } from './service.ts';
import { type UnreadTotals, unreadTotals } from './unread.ts';

const channelsAtOnce = 100;
/** Channels in all pages of one answer, whoever asks for how many. */
const channelsInAll = 1_500;
const leastChannels = 4;
/** Of the users that one answer begins with, so that there is room for a channel with its last message: of hundreds, where their custom data is small. */
const usersBytes = 128 * 1024;

interface OpenInboxDependencies {
  readonly sql: Sql;
  readonly epoch: Pick<LogEpoch, 'current'>;
  readonly sources: InboxSources;
}

/** Null: only the totals are asked for. */
type Start = Omit<InboxPosition, 'startedAt'> & { readonly startedAt: string | null };

interface Asked {
  readonly actor: UserActor;
  readonly start: Start | null;
}

/** See {@link InboxService.openMany}. */
export async function openInboxes(
  dependencies: OpenInboxDependencies,
  questions: readonly InboxQuestion[],
): Promise<readonly (InboxPage | Error)[]> {
  // Before anything is read: changes of a later epoch than it says are sent once more.
  const epoch = dependencies.epoch.current;
  const asked = questions.map(({ actor, after, page }) => {
    if (actor instanceof Error) return actor;
    try {
      return { actor, start: startOf(after, page, epoch) };
    } catch (error) {
      return toError(error);
    }
  });
  const legal = asked.flatMap((one) => (one instanceof Error ? [] : [one]));
  const pages = (legal.length === 0 ? [] : await pagesOf(dependencies, legal, epoch)).values();
  return asked.map((one) => (one instanceof Error ? one : (pages.next().value ?? { events: [], next: null })));
}

function startOf(after: string | null, page: string | null, epoch: string): Start | null {
  if (page !== null) return decodePosition(page);
  return after === null ? null : { since: changedSince(after, epoch), startedAt: null, afterChannelId: '' };
}

/** A page, and whether it is the last. */
interface Draft {
  readonly actor: UserActor;
  readonly events: readonly InboxEvent[];
  readonly next: string | null;
  /** Null: that of the totals. */
  readonly startedAt: string | null;
}

async function pagesOf(
  { sql, sources }: OpenInboxDependencies,
  asked: readonly Asked[],
  epoch: string,
): Promise<InboxPage[]> {
  const limit = Math.min(channelsAtOnce, Math.max(leastChannels, Math.floor(channelsInAll / asked.length)));
  const returning = asked.flatMap(({ actor: { appId, userId }, start }) =>
    start === null ? [] : [{ appId, userId, ...start }],
  );
  // With the first page, which begins with them.
  const [changed, people] = await Promise.all([
    changedChannels(sql, returning, limit),
    changedUsersFor(
      sql,
      returning.filter(({ startedAt }) => startedAt === null),
    ),
  ]);
  const lists = changed.values();
  const peopleLists = people.values();
  const found = asked.map(({ actor, start }) => {
    const list = start === null ? undefined : lists.next().value;
    const users = start?.startedAt === null ? (peopleLists.next().value ?? []) : [];
    // Read with the first page: what changes while the others are read is then after the cursor of the last one.
    const position = start === null || list === undefined ? null : { ...start, startedAt: start.startedAt ?? list.at };
    return { actor, position, users, channels: list?.channels ?? [] };
  });
  const shown = await loadShown(sources, found);
  const drafts = found.map(({ actor, position, users, channels }): Draft => {
    if (position === null) return { actor, events: [], next: null, startedAt: null };
    return {
      actor,
      startedAt: position.startedAt,
      ...pageOf({ position, epoch }, { users, channels }, limit, shown.get(actor.appId)),
    };
  });
  const ending = drafts.filter(({ next }) => next === null);
  const totals = (
    ending.length === 0
      ? []
      : await unreadTotals(
          sql,
          ending.map(({ actor }) => actor),
        )
  ).values();
  return drafts.map(({ events, next, startedAt }) =>
    next === null ? { events: [...events, ...closing(totals.next().value, startedAt, epoch)], next } : { events, next },
  );
}

/** What the pages show of other modules' things, of one app. */
interface Shown {
  readonly lastMessages: Map<string, Message>;
  readonly channels: Map<string, Channel>;
}

async function loadShown(
  sources: InboxSources,
  found: readonly { readonly actor: UserActor; readonly channels: readonly ChangedChannel[] }[],
): Promise<ReadonlyMap<string, Shown>> {
  const ids = new Map<string, { readonly present: Set<string>; readonly joined: Set<string> }>();
  for (const { actor, channels } of found)
    for (const { channelId, leftReason, joined } of channels) {
      if (leftReason !== null) continue;
      const ofApp = ids.get(actor.appId) ?? { present: new Set(), joined: new Set() };
      ids.set(actor.appId, ofApp);
      ofApp.present.add(channelId);
      if (joined) ofApp.joined.add(channelId);
    }
  const loaded = [...ids].map(async ([appId, { present, joined }]): Promise<[string, Shown]> => {
    const [lastMessages, channels] = await Promise.all([
      sources.lastMessages(appId, [...present]),
      sources.channels(appId, [...joined]),
    ]);
    return [appId, { lastMessages, channels }];
  });
  return new Map(await Promise.all(loaded));
}

function pageOf(
  { position, epoch }: { readonly position: InboxPosition; readonly epoch: string },
  { users, channels: changed }: { readonly users: readonly User[]; readonly channels: readonly ChangedChannel[] },
  limit: number,
  shown: Shown | undefined,
): { readonly events: readonly InboxEvent[]; readonly next: string | null } {
  // Until the last page is sent, a client that loses the connection has to begin where this one began.
  const cursor = inboxCursor(position.since, epoch);

  const eventsOf = ({
    channelId,
    leftReason,
    joined,
    seq,
    unreadCount,
    unreadMentions,
    at,
  }: ChangedChannel): InboxEvent[] => {
    if (leftReason !== null) return [{ __typename: 'ChannelLeft', at, cursor, channelId, reason: leftReason }];
    const channel = joined ? shown?.channels.get(channelId) : undefined;
    const lastMessage = shown?.lastMessages.get(channelId) ?? null;
    const bumped: InboxEvent = {
      __typename: 'ChannelBumped',
      at,
      cursor,
      channelId,
      seq,
      unreadCount,
      unreadMentions,
      lastMessage,
    };
    return channel === undefined ? [bumped] : [{ __typename: 'ChannelJoined', at, cursor, channel }, bumped];
  };

  const events: InboxEvent[] = [];
  let bytes = 0;
  const { startedAt: at } = position;
  for (const user of users) {
    bytes += Buffer.byteLength(JSON.stringify(user));
    if (bytes <= usersBytes) events.push({ __typename: 'InboxUserUpdated', at, cursor, user });
  }
  bytes = Math.min(bytes, usersBytes);
  for (const [index, channel] of changed.entries()) {
    const some = eventsOf(channel);
    bytes += Buffer.byteLength(JSON.stringify(some));
    const previous = changed[index - 1];
    if (previous !== undefined && bytes > limits.eventsPageBytes)
      return { events, next: encodePosition({ ...position, afterChannelId: previous.channelId }) };
    events.push(...some);
  }
  const last = changed.at(-1);
  if (last !== undefined && changed.length === limit)
    return { events, next: encodePosition({ ...position, afterChannelId: last.channelId }) };
  return { events, next: null };
}

function closing(
  totals: (UnreadTotals & { readonly at: string }) | undefined,
  startedAt: string | null,
  epoch: string,
): InboxEvent[] {
  const { totalUnread, unreadChannels, at } = totals ?? { totalUnread: 0, unreadChannels: 0, at: startedAt ?? noTime };
  // Without pages the totals are all that was read, and their time is that of the cursor.
  const cursor = inboxCursor(startedAt ?? at, epoch);
  return [
    { __typename: 'UnreadChanged', at, cursor, totalUnread, unreadChannels },
    { __typename: 'InboxSynced', at: startedAt ?? at, cursor, epoch },
  ];
}

const noTime = new Date(0).toISOString();
