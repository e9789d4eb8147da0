import type {
  Channel,
  InboxEvent,
  LoggedEvent,
  Message,
  MessageCreated,
  PresenceChanged,
  ReadAdvanced,
  TypingChanged,
  User,
} from '@parley/contracts';
import { buildChannel, buildEvent, buildMessage, buildPresence, buildUser, builtAt } from '@parley/testkit/builders';

const at = builtAt;

/** An event before the log has given it a place. */
export type Draft = LoggedEvent extends infer Event
  ? Event extends LoggedEvent
    ? Omit<Event, 'seq' | 'channelId'>
    : never
  : never;

export const userOf = (id: string): User => buildUser({ id });

export const messageOf = (channelId: string, text: string, seq = 0): Message =>
  buildMessage({ channelId, text, seq, user: userOf('ada') });

export const channelOf = (id: string): Channel =>
  buildChannel({ id, name: 'General', custom: { topic: 'all' }, createdBy: userOf('ada'), seq: 1 });

export const created = (channelId: string, text: string): Omit<MessageCreated, 'seq' | 'channelId'> => ({
  __typename: 'MessageCreated',
  at,
  actor: userOf('ada'),
  message: messageOf(channelId, text),
});

export const removed = (...userIds: string[]): Draft => ({
  __typename: 'MembersRemoved',
  at,
  actor: userOf('ada'),
  userIds,
  memberCount: 1,
});

export const deleted = (): Draft => ({ __typename: 'ChannelDeleted', at, actor: userOf('ada') });

export const typing = (channelId: string, userId: string, isTyping = true): TypingChanged =>
  buildEvent('TypingChanged', { channelId, user: userOf(userId), typing: isTyping });

export const read = (channelId: string, userId: string, readSeq: number): ReadAdvanced =>
  buildEvent('ReadAdvanced', { channelId, userId, readSeq });

export const presence = (userId: string, online: boolean): PresenceChanged => buildPresence({ userId, online });

/** A logged event of a kind that only newer API nodes know, with a field of its own. */
export const newerLogged = (name = 'MessagePinned'): Draft =>
  // The types list the kinds that this node knows.
  ({ __typename: name, at, actor: userOf('ada'), message: 'a shape of its own' }) as unknown as Draft;

/** An inbox event of a kind that only newer API nodes know. */
export const newerInbox = (cursor: string): InboxEvent =>
  // As above.
  ({ __typename: 'ReminderDue', at, cursor, reminder: { id: 'r' } }) as unknown as InboxEvent;
