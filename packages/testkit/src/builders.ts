import type {
  Attachment,
  Channel,
  ChannelEvent,
  InboxEvent,
  Member,
  Message,
  PresenceChanged,
  Reaction,
  User,
} from '@parley/contracts';

/** When everything that is built happened, unless it is said otherwise. */
export const builtAt = '2026-01-01T00:00:00.000Z';

type Named<Event extends { readonly __typename: string }, Name> = Extract<Event, { readonly __typename: Name }>;

export const buildUser = (parts: Partial<User> = {}): User => ({
  id: 'ada',
  name: parts.id ?? 'ada',
  image: null,
  role: 'user',
  custom: {},
  online: false,
  lastActiveAt: null,
  createdAt: builtAt,
  updatedAt: builtAt,
  deletedAt: null,
  ...parts,
});

export const buildMember = (parts: Partial<Member> = {}): Member => ({
  user: buildUser(),
  role: 'member',
  createdAt: builtAt,
  custom: {},
  ...parts,
});

/** Type and key are those of the id. */
export function buildChannel(parts: Partial<Channel> = {}): Channel {
  const { id = 'messaging:general' } = parts;
  const [type = '', key = ''] = id.split(':');
  return {
    id,
    type,
    key,
    name: null,
    image: null,
    custom: {},
    createdBy: null,
    createdAt: builtAt,
    updatedAt: builtAt,
    lastMessageAt: null,
    seq: 0,
    memberCount: 2,
    ...parts,
  };
}

/** The id is made of `seq`, so that each position has a message of its own. As in events: without own reactions. */
export function buildMessage(parts: Partial<Message> = {}): Message {
  const { seq = 1 } = parts;
  return {
    id: `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`,
    channelId: 'messaging:general',
    seq,
    kind: 'REGULAR',
    user: buildUser(),
    text: `message ${seq}`,
    attachments: [],
    mentionedUsers: [],
    parentId: null,
    quoted: null,
    replyCount: 0,
    reactionGroups: [],
    ownReactions: null,
    custom: {},
    createdAt: builtAt,
    editedAt: null,
    deletedAt: null,
    ...parts,
  };
}

export const buildReaction = (parts: Partial<Reaction> = {}): Reaction => ({
  type: 'like',
  user: buildUser(),
  score: 1,
  createdAt: builtAt,
  ...parts,
});

export const buildAttachment = (parts: Partial<Attachment> = {}): Attachment => ({
  id: '00000000-0000-4000-8000-00000000000a',
  type: 'image',
  url: 'https://files.example.com/picture.png',
  title: null,
  mimeType: null,
  size: null,
  width: null,
  height: null,
  durationMs: null,
  thumbnailUrl: null,
  custom: {},
  ...parts,
});

const inChannel = { channelId: 'messaging:general', at: builtAt };
const logged = { ...inChannel, seq: 1, actor: null };

/** Fields of an event of each kind besides its name. A kind that is missing is a type error. */
const channelEvents: {
  readonly [Name in ChannelEvent['__typename']]: () => Omit<Named<ChannelEvent, Name>, '__typename'>;
} = {
  MessageCreated: () => ({ ...logged, message: buildMessage() }),
  MessageUpdated: () => ({ ...logged, message: buildMessage({ editedAt: builtAt }) }),
  MessageDeleted: () => ({ ...logged, message: buildMessage({ text: '', deletedAt: builtAt }), hard: false }),
  ReactionAdded: () => ({ ...logged, message: buildMessage(), reaction: buildReaction() }),
  ReactionRemoved: () => ({ ...logged, message: buildMessage(), reaction: buildReaction() }),
  MembersAdded: () => ({ ...logged, members: [buildMember()], memberCount: 2 }),
  MembersRemoved: () => ({ ...logged, userIds: ['ada'], memberCount: 1 }),
  ChannelUpdated: () => ({ ...logged, channel: buildChannel() }),
  ChannelDeleted: () => logged,
  ReadAdvanced: () => ({ ...inChannel, userId: 'ada', readSeq: 1 }),
  TypingChanged: () => ({ ...inChannel, user: buildUser(), parentId: null, typing: true }),
  UserUpdated: () => ({ ...inChannel, user: buildUser() }),
  ChannelSynced: () => ({ ...inChannel, seq: 0, epoch: 'one', reads: [] }),
  ChannelReset: () => ({ ...inChannel, seq: 0, epoch: 'one' }),
};

const inInbox = { at: builtAt, cursor: 'c1' };
const inboxEvents: {
  readonly [Name in InboxEvent['__typename']]: () => Omit<Named<InboxEvent, Name>, '__typename'>;
} = {
  ChannelBumped: () => ({
    ...inInbox,
    channelId: 'messaging:general',
    seq: 1,
    unreadCount: 1,
    unreadMentions: 0,
    lastMessage: buildMessage(),
  }),
  ChannelJoined: () => ({ ...inInbox, channel: buildChannel() }),
  ChannelLeft: () => ({ ...inInbox, channelId: 'messaging:general', reason: 'removed' }),
  UnreadChanged: () => ({ ...inInbox, totalUnread: 1, unreadChannels: 1 }),
  InboxUserUpdated: () => ({ ...inInbox, user: buildUser() }),
  InboxSynced: () => ({ ...inInbox, epoch: 'one' }),
};

/** An event of a channel: of this kind, with these parts. */
export const buildEvent = <Name extends ChannelEvent['__typename']>(
  name: Name,
  parts: Partial<Omit<Named<ChannelEvent, Name>, '__typename'>> = {},
): Named<ChannelEvent, Name> =>
  // The record above has for each name what its event has.
  ({ __typename: name, ...channelEvents[name](), ...parts }) as Named<ChannelEvent, Name>;

/** An event of the inbox: of this kind, with these parts. */
export const buildInboxEvent = <Name extends InboxEvent['__typename']>(
  name: Name,
  parts: Partial<Omit<Named<InboxEvent, Name>, '__typename'>> = {},
): Named<InboxEvent, Name> => ({ __typename: name, ...inboxEvents[name](), ...parts }) as Named<InboxEvent, Name>;

export const buildPresence = (parts: Partial<PresenceChanged> = {}): PresenceChanged => ({
  __typename: 'PresenceChanged',
  userId: 'ada',
  online: true,
  lastActiveAt: null,
  ...parts,
});
