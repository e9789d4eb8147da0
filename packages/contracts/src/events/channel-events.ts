import { ownValue } from '../own-value.ts';
import type { Channel, DateTime, Member, Message, Reaction, Seq, User } from './objects.ts';

interface Base<Name extends string> {
  readonly __typename: Name;
  readonly channelId: string;
  readonly at: DateTime;
}

interface Logged<Name extends string> extends Base<Name> {
  readonly seq: Seq;
  readonly actor: User | null;
}

export interface MessageCreated extends Logged<'MessageCreated'> {
  readonly message: Message;
}
export interface MessageUpdated extends Logged<'MessageUpdated'> {
  readonly message: Message;
}
export interface MessageDeleted extends Logged<'MessageDeleted'> {
  readonly message: Message;
  readonly hard: boolean;
}
export interface ReactionAdded extends Logged<'ReactionAdded'> {
  readonly message: Message;
  readonly reaction: Reaction;
}
export interface ReactionRemoved extends Logged<'ReactionRemoved'> {
  readonly message: Message;
  readonly reaction: Reaction;
}
export interface MembersAdded extends Logged<'MembersAdded'> {
  readonly members: readonly Member[];
  readonly memberCount: number;
}
export interface MembersRemoved extends Logged<'MembersRemoved'> {
  readonly userIds: readonly string[];
  readonly memberCount: number;
}
export interface ChannelUpdated extends Logged<'ChannelUpdated'> {
  readonly channel: Channel;
}
export interface ChannelDeleted extends Logged<'ChannelDeleted'> {}

/** Absolute: the newest wins. */
export interface ReadAdvanced extends Base<'ReadAdvanced'> {
  readonly userId: string;
  readonly readSeq: Seq;
}
export interface TypingChanged extends Base<'TypingChanged'> {
  readonly user: User;
  readonly parentId: string | null;
  readonly typing: boolean;
}
/** The profile of somebody whom the channel shows changed. Absolute: the newest by `user.updatedAt` wins. */
export interface UserUpdated extends Base<'UserUpdated'> {
  readonly user: User;
}
/** Live from here, with the read pointers; sent again when some may have been missed. */
export interface ChannelSynced extends Base<'ChannelSynced'> {
  readonly seq: Seq;
  /** Of the log: positions of one epoch mean nothing in another. */
  readonly epoch: string;
  readonly reads: readonly ReadAdvanced[];
}
/** The log no longer reaches back, or is another one since: load a snapshot, then apply what has a higher seq. */
export interface ChannelReset extends Base<'ChannelReset'> {
  readonly seq: Seq;
  /** Of the log from now on. */
  readonly epoch: string;
}

/** Durable, in the log, with a dense `seq`. */
export type LoggedEvent =
  | MessageCreated
  | MessageUpdated
  | MessageDeleted
  | ReactionAdded
  | ReactionRemoved
  | MembersAdded
  | MembersRemoved
  | ChannelUpdated
  | ChannelDeleted;

/** Not in the log; may be lost without harm. */
export type EphemeralEvent = ReadAdvanced | TypingChanged | UserUpdated;

export type ChannelEvent = LoggedEvent | EphemeralEvent | ChannelSynced | ChannelReset;

/** The event of this name. */
export type ChannelEventNamed<Name extends ChannelEvent['__typename']> = Extract<
  ChannelEvent,
  { readonly __typename: Name }
>;

/**
 * Every kind of event of a channel, and how it travels: in the log, past it, or as a marker in one client's stream. Parsers, the GraphQL schema, the selections of
 * the SDK and the builders of tests are each checked against it.
 */
export const channelEventKinds = {
  MessageCreated: 'logged',
  MessageUpdated: 'logged',
  MessageDeleted: 'logged',
  ReactionAdded: 'logged',
  ReactionRemoved: 'logged',
  MembersAdded: 'logged',
  MembersRemoved: 'logged',
  ChannelUpdated: 'logged',
  ChannelDeleted: 'logged',
  ReadAdvanced: 'ephemeral',
  TypingChanged: 'ephemeral',
  UserUpdated: 'ephemeral',
  ChannelSynced: 'marker',
  ChannelReset: 'marker',
} as const satisfies { readonly [Name in ChannelEvent['__typename']]: KindOf<ChannelEventNamed<Name>> };

type KindOf<Event> = Event extends LoggedEvent ? 'logged' : Event extends EphemeralEvent ? 'ephemeral' : 'marker';

const isLoggedName = (name: string): name is LoggedEvent['__typename'] =>
  ownValue(channelEventKinds, name) === 'logged';

export const loggedEventNames: readonly LoggedEvent['__typename'][] =
  Object.keys(channelEventKinds).filter(isLoggedName);

export const isLogged = (event: ChannelEvent): event is LoggedEvent =>
  'seq' in event && event.__typename !== 'ChannelSynced' && event.__typename !== 'ChannelReset';
