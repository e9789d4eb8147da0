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

const at = '2026-01-01T00:00:00.000Z';

/** An event before the log has given it a place. */
export type Draft = LoggedEvent extends infer Event
  ? Event extends LoggedEvent
    ? Omit<Event, 'seq' | 'channelId'>
    : never
  : never;

export const userOf = (id: string): User => ({
  id,
  name: id,
  image: null,
  role: 'user',
  custom: {},
  online: false,
  lastActiveAt: null,
  createdAt: at,
  updatedAt: at,
  deletedAt: null,
});

export const messageOf = (channelId: string, text: string, seq = 0): Message => ({
  id: `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`,
  channelId,
  seq,
  kind: 'REGULAR',
  user: userOf('ada'),
  text,
  attachments: [],
  mentionedUsers: [],
  parentId: null,
  quoted: null,
  replyCount: 0,
  reactionGroups: [],
  ownReactions: null,
  custom: {},
  createdAt: at,
  editedAt: null,
  deletedAt: null,
});

export const channelOf = (id: string): Channel => ({
  id,
  type: id.split(':')[0] ?? '',
  key: id.split(':')[1] ?? '',
  name: 'General',
  image: null,
  custom: { topic: 'all' },
  createdBy: userOf('ada'),
  createdAt: at,
  updatedAt: at,
  lastMessageAt: null,
  seq: 1,
  memberCount: 2,
});

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

export const typing = (channelId: string, userId: string, isTyping = true): TypingChanged => ({
  __typename: 'TypingChanged',
  channelId,
  at,
  user: userOf(userId),
  parentId: null,
  typing: isTyping,
});

export const read = (channelId: string, userId: string, readSeq: number): ReadAdvanced => ({
  __typename: 'ReadAdvanced',
  channelId,
  at,
  userId,
  readSeq,
});

export const presence = (userId: string, online: boolean): PresenceChanged => ({
  __typename: 'PresenceChanged',
  userId,
  online,
  lastActiveAt: null,
});

/** A logged event of a kind that only newer API nodes know, with a field of its own. */
export const newerLogged = (name = 'MessagePinned'): Draft =>
  // The types list the kinds that this node knows.
  ({ __typename: name, at, actor: userOf('ada'), message: 'a shape of its own' }) as unknown as Draft;

/** An inbox event of a kind that only newer API nodes know. */
export const newerInbox = (cursor: string): InboxEvent =>
  ({ __typename: 'ReminderDue', at, cursor, reminder: { id: 'r' } }) as unknown as InboxEvent;
