import type { InboxEvent } from '@parley/contracts';
import type { Clock, Logger } from '@parley/service-kit';
import { databaseNow } from '../../platform/database-time.ts';
import type { LogEpoch } from '../../platform/log-epoch.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { Sql } from '../../platform/sql.ts';
import { createThrottle } from '../../platform/throttle.ts';
import { inboxCursor } from './cursor.ts';
import { merged, type Notices } from './notices.ts';
import { type Bump, bumpsOf, bumpsOfOnline, onlineMembers } from './repository.ts';
import type { InboxSources } from './service.ts';
import { unreadTotals } from './unread.ts';

/** Notifies users, on their own subjects, of changes of their channels. */
export interface InboxProjector {
  /** Sent soon; notices that wait for the same channel are sent with it. */
  add(notices: Notices): void;
  close(): Promise<void>;
}

export interface ProjectorDependencies {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publisher: Pick<Publisher, 'inbox'>;
  readonly sources: InboxSources;
  readonly epoch: Pick<LogEpoch, 'current'>;
}

const channelIntervalMs = 200;
const totalsIntervalMs = 500;
const membersAtOnce = 1_000;
const usersAtOnce = 500;
const concurrency = 4;
const channelsAtOnce = 200;
const everybody = 'everybody';

// Neither id can hold a slash.
const keyOf = (appId: string, id: string) => `${appId}/${id}`;

export function createInboxProjector({
  sql,
  clock,
  logger,
  publisher,
  sources,
  epoch,
}: ProjectorDependencies): InboxProjector {
  const waiting = new Map<string, Notices>();
  let stale = new Map<string, { readonly appId: string; readonly userId: string }>();

  const totals = createThrottle({ clock, logger, intervalMs: totalsIntervalMs, concurrency: 1, work: notifyTotals });
  const channels = createThrottle({
    clock,
    logger,
    intervalMs: channelIntervalMs,
    concurrency,
    together: channelsAtOnce,
    work: notifyWaiting,
  });

  async function notifyTotals(): Promise<void> {
    const users = [...stale.values()];
    stale = new Map();
    for (let from = 0; from < users.length; from += usersAtOnce) {
      const some = users.slice(from, from + usersAtOnce);
      const rows = await unreadTotals(sql, some).catch((error: unknown) => {
        for (const user of users.slice(from)) stale.set(keyOf(user.appId, user.userId), user);
        throw error;
      });
      for (const { appId, userId, at, totalUnread, unreadChannels } of rows)
        publisher.inbox(appId, userId, [
          { __typename: 'UnreadChanged', at, cursor: inboxCursor(at, epoch.current), totalUnread, unreadChannels },
        ]);
    }
  }

  function notify(appId: string, userId: string, event: InboxEvent): void {
    publisher.inbox(appId, userId, [event]);
    stale.set(keyOf(appId, userId), { appId, userId });
    totals.touch(everybody);
  }

  async function notifyWaiting(keys: readonly string[]): Promise<void> {
    const all = keys.flatMap((key) => waiting.get(key) ?? []);
    for (const key of keys) waiting.delete(key);
    try {
      for (const notices of all) {
        if (notices.memberships.size > 0) await notifyMemberships(notices);
        if (notices.deleted) await notifyDeleted(notices);
      }
      await notifyBumps(all.filter(({ deleted }) => !deleted));
    } catch (error) {
      // All of it is state: a notice sent already may be sent again.
      for (const notices of all) {
        const key = keyOf(notices.appId, notices.channelId);
        waiting.set(key, merged(notices, waiting.get(key) ?? notices));
      }
      throw error;
    }
  }

  async function notifyMemberships({ appId, channelId, memberships }: Notices): Promise<void> {
    const [at, found] = await Promise.all([databaseNow(sql), sources.channels(appId, [channelId])]);
    const channel = found.get(channelId);
    const cursor = inboxCursor(at, epoch.current);
    for (const [userId, { leftReason }] of memberships) {
      if (leftReason !== null)
        notify(appId, userId, { __typename: 'ChannelLeft', at, cursor, channelId, reason: leftReason });
      else if (channel !== undefined) notify(appId, userId, { __typename: 'ChannelJoined', at, cursor, channel });
    }
  }

  async function notifyDeleted({ appId, channelId }: Notices): Promise<void> {
    const at = await databaseNow(sql);
    const event: InboxEvent = {
      __typename: 'ChannelLeft',
      at,
      cursor: inboxCursor(at, epoch.current),
      channelId,
      reason: 'deleted',
    };
    for (let after = ''; ; ) {
      const userIds = await onlineMembers(sql, appId, channelId, after, membersAtOnce);
      for (const userId of userIds) notify(appId, userId, event);
      after = userIds.at(-1) ?? '';
      if (userIds.length < membersAtOnce) return;
    }
  }

  async function notifyBumps(all: readonly Notices[]): Promise<void> {
    const readers = all.flatMap(({ appId, channelId, readers: some }) =>
      [...some].map((userId) => ({ appId, channelId, userId })),
    );
    if (readers.length > 0) await bump(await bumpsOf(sql, readers));
    const grown = all.filter(({ grew }) => grew);
    for (let after: Bump | null = null; grown.length > 0; ) {
      const bumps = await bumpsOfOnline(sql, grown, after, membersAtOnce);
      await bump(bumps);
      after = bumps.at(-1) ?? null;
      if (bumps.length < membersAtOnce) return;
    }
  }

  async function bump(bumps: readonly Bump[]): Promise<void> {
    const apps = new Set(bumps.map(({ appId }) => appId));
    for (const app of apps) {
      const own = bumps.filter(({ appId }) => appId === app);
      const last = await sources.lastMessages(app, [...new Set(own.map(({ channelId }) => channelId))]);
      for (const { appId, userId, at, ...numbers } of own)
        notify(appId, userId, {
          __typename: 'ChannelBumped',
          at,
          cursor: inboxCursor(at, epoch.current),
          ...numbers,
          lastMessage: last.get(numbers.channelId) ?? null,
        });
    }
  }

  return {
    add(notices) {
      const key = keyOf(notices.appId, notices.channelId);
      waiting.set(key, merged(waiting.get(key), notices));
      channels.touch(key);
    },
    async close() {
      await channels.close();
      await totals.close();
    },
  };
}
