import { type InboxEvent, limits } from '@parley/contracts';
import type { UserActor } from '../../platform/actor.ts';
import type { Sql } from '../../platform/sql.ts';
import { changedSince, decodePosition, encodePosition, type InboxPosition, inboxCursor } from './cursor.ts';
import { type ChangedChannel, changedChannels, databaseTime } from './repository.ts';
import type { InboxPage, InboxSources } from './service.ts';
import { unreadTotals } from './unread.ts';

const channelsAtOnce = 100;

/** See {@link InboxService.open}. */
export async function openInbox(
  { sql, sources }: { readonly sql: Sql; readonly sources: InboxSources },
  actor: UserActor,
  after: string | null,
  page: string | null,
): Promise<InboxPage> {
  if (page !== null) return await pageFrom({ sql, sources }, actor, decodePosition(page));
  // Read first: what changes while the pages are read is then after the cursor of the last one.
  const startedAt = await databaseTime(sql);
  if (after === null) return { events: await closing(sql, actor, startedAt), next: null };
  return await pageFrom({ sql, sources }, actor, { since: changedSince(after), startedAt, afterChannelId: '' });
}

async function pageFrom(
  { sql, sources }: { readonly sql: Sql; readonly sources: InboxSources },
  actor: UserActor,
  position: InboxPosition,
): Promise<InboxPage> {
  const { appId, userId } = actor;
  const changed = await changedChannels(sql, appId, userId, { ...position, limit: channelsAtOnce });
  const present = changed.filter((channel) => channel.leftReason === null).map((channel) => channel.channelId);
  const joined = changed
    .filter((channel) => channel.leftReason === null && channel.joined)
    .map((channel) => channel.channelId);
  const [lastMessages, channels] = await Promise.all([
    sources.lastMessages(sql, appId, present),
    sources.channels(sql, appId, joined),
  ]);
  // Until the last page is told, a client that loses the connection has to begin where this one began.
  const cursor = inboxCursor(position.since);

  const eventsOf = ({ channelId, leftReason, seq, unreadCount, unreadMentions, at }: ChangedChannel): InboxEvent[] => {
    if (leftReason !== null) return [{ __typename: 'ChannelLeft', at, cursor, channelId, reason: leftReason }];
    const channel = channels.get(channelId);
    const lastMessage = lastMessages.get(channelId) ?? null;
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
  for (const [index, channel] of changed.entries()) {
    const some = eventsOf(channel);
    bytes += Buffer.byteLength(JSON.stringify(some));
    const previous = changed[index - 1];
    if (previous !== undefined && bytes > limits.eventsPageBytes)
      return { events, next: encodePosition({ ...position, afterChannelId: previous.channelId }) };
    events.push(...some);
  }
  const last = changed.at(-1);
  if (last !== undefined && changed.length === channelsAtOnce)
    return { events, next: encodePosition({ ...position, afterChannelId: last.channelId }) };
  return { events: [...events, ...(await closing(sql, actor, position.startedAt))], next: null };
}

async function closing(sql: Sql, { appId, userId }: UserActor, startedAt: string): Promise<InboxEvent[]> {
  const cursor = inboxCursor(startedAt);
  const [totals] = await unreadTotals(sql, [{ appId, userId }]);
  const { totalUnread, unreadChannels, at } = totals ?? { totalUnread: 0, unreadChannels: 0, at: startedAt };
  return [
    { __typename: 'UnreadChanged', at, cursor, totalUnread, unreadChannels },
    { __typename: 'InboxSynced', at: startedAt, cursor },
  ];
}
