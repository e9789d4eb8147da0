import type { LeaveReason, LoggedEvent } from '@parley/contracts';

/** What a channel's next round of notices has to say. Everything in it is a state, not an occurrence, so two of them add up to one. */
export interface Notices {
  readonly appId: string;
  readonly channelId: string;
  /** The log grew: every member who is online gets its numbers. */
  readonly grew: boolean;
  readonly deleted: boolean;
  /** Who joined or left last, by user id; a reason: left. */
  readonly memberships: ReadonlyMap<string, { readonly leftReason: LeaveReason | null }>;
  /** Whose read pointer moved. */
  readonly readers: ReadonlySet<string>;
}

const nothing = (appId: string, channelId: string): Notices => ({
  appId,
  channelId,
  grew: false,
  deleted: false,
  memberships: new Map(),
  readers: new Set(),
});

/** `earlier` and then `later`. */
export function merged(earlier: Notices | undefined, later: Notices): Notices {
  if (earlier === undefined) return later;
  return {
    appId: later.appId,
    channelId: later.channelId,
    grew: earlier.grew || later.grew,
    deleted: earlier.deleted || later.deleted,
    memberships: new Map([...earlier.memberships, ...later.memberships]),
    readers: new Set([...earlier.readers, ...later.readers]),
  };
}

/** What events of one channel, in order, give to say. */
export function noticesOf(appId: string, channelId: string, events: readonly LoggedEvent[]): Notices {
  const memberships = new Map<string, { readonly leftReason: LeaveReason | null }>();
  for (const event of events) {
    if (event.__typename === 'MembersAdded')
      for (const { user } of event.members) memberships.set(user.id, { leftReason: null });
    if (event.__typename !== 'MembersRemoved') continue;
    const alone = event.userIds.length === 1;
    for (const id of event.userIds)
      memberships.set(id, { leftReason: alone && event.actor?.id === id ? 'left' : 'removed' });
  }
  const deleted = events.some((event) => event.__typename === 'ChannelDeleted');
  return { ...nothing(appId, channelId), grew: events.length > 0, deleted, memberships };
}

export const readNotice = (appId: string, channelId: string, userId: string): Notices => ({
  ...nothing(appId, channelId),
  readers: new Set([userId]),
});
