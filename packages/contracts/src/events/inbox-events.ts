import type { Channel, DateTime, Message, Seq, User } from './objects.ts';

interface Base<Name extends string> {
  readonly __typename: Name;
  readonly at: DateTime;
  /** Opaque; the newest one is passed as `after` on the next connection. */
  readonly cursor: string;
}

export interface ChannelBumped extends Base<'ChannelBumped'> {
  readonly channelId: string;
  readonly seq: Seq;
  readonly unreadCount: number;
  readonly unreadMentions: number;
  readonly lastMessage: Message | null;
}
export interface ChannelJoined extends Base<'ChannelJoined'> {
  readonly channel: Channel;
}
/** Why somebody is no longer in a channel; `deleted`: the channel is gone. */
export type LeaveReason = 'removed' | 'left' | 'deleted';
export interface ChannelLeft extends Base<'ChannelLeft'> {
  readonly channelId: string;
  readonly reason: LeaveReason;
}
export interface UnreadChanged extends Base<'UnreadChanged'> {
  readonly totalUnread: number;
  readonly unreadChannels: number;
}
/** The profile of somebody changed who shares a channel with the viewer, or the viewer's own. The newest by `user.updatedAt` wins. */
export interface InboxUserUpdated extends Base<'InboxUserUpdated'> {
  readonly user: User;
}
export interface InboxSynced extends Base<'InboxSynced'> {
  /** Of the log. When it is another than before, what was known of channels may never have been. */
  readonly epoch: string;
}

/** All absolute: applying one twice is harmless. */
export type InboxEvent = ChannelBumped | ChannelJoined | ChannelLeft | UnreadChanged | InboxUserUpdated | InboxSynced;

/** The event of this name. */
export type InboxEventNamed<Name extends InboxEvent['__typename']> = Extract<InboxEvent, { readonly __typename: Name }>;

export interface PresenceChanged {
  readonly __typename: 'PresenceChanged';
  readonly userId: string;
  readonly online: boolean;
  readonly lastActiveAt: DateTime | null;
}
