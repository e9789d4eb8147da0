// Printed by services/api (src/print-schema.ts); do not edit.
/** The whole schema of the public API, as the API prints it. */
export const sdl: string = `input AddMembersInput {
  channelId: ID!
  members: [MemberInput!]!
}

input AddReactionInput {
  """Removes the viewer's other reactions to this message."""
  exclusive: Boolean
  messageId: ID!

  """1 to 1000; default 1."""
  score: Int
  type: String!
}

"""A key that signs tokens of the app."""
type ApiKey {
  createdAt: DateTime!

  """The \`kid\` of its tokens."""
  id: ID!

  """Your description of what the key is for."""
  label: String

  """The last four characters of its secret."""
  lastFour: String!
  revokedAt: DateTime
}

type App {
  channelTypes: [ChannelType!]!

  """\`development\`, \`staging\` or \`production\`."""
  environment: String!
  id: ID!
  limits: JSONObject!
  name: String!
  settings: AppSettings!
}

"""
Settings of what the users of the app may know and do. Server tokens and the app role \`admin\` are not bound by them.
"""
type AppSettings {
  """
  Whether a user sees when those whom it may look up are online and were active last. Default: true.
  """
  presenceVisible: Boolean!

  """
  Whom a user may look up. Name and image of those who share a channel show in it whatever this says. Default: EVERYBODY.
  """
  userVisibility: UserVisibility!

  """
  Whether a user that names an unknown id as a member creates that user. Default: false.
  """
  usersMayCreateUsers: Boolean!
}

type Attachment {
  custom: JSONObject!
  durationMs: Int

  """Pixels."""
  height: Int
  id: ID!
  mimeType: String

  """Bytes."""
  size: Int
  thumbnailUrl: String
  title: String
  type: String!
  url: String

  """Pixels."""
  width: Int
}

input AttachmentInput {
  custom: JSONObject
  durationMs: Int
  height: Int
  mimeType: String
  size: Int
  thumbnailUrl: String
  title: String
  type: String!
  url: String
  width: Int
}

type Channel {
  createdAt: DateTime!
  createdBy: User
  custom: JSONObject!

  """
  Epoch of the log that \`seq\` is a position in, to be passed with it: \`channelEvents(after: seq, epoch: epoch)\`. It changes when the database was restored or failed over. Not available inside events.
  """
  epoch: String!

  """type:key"""
  id: ID!
  image: String
  key: String!
  lastMessageAt: DateTime
  memberCount: Int!

  """By user id. Not available inside events."""
  members(after: String, first: Int): MemberConnection!

  """
  The timeline without replies, from old to new; by default the newest 25. Not available inside events.
  """
  messages(after: String, around: ID, before: String, first: Int, last: Int): MessageConnection!
  name: String

  """
  Head of the channel's log. Taken before the rest of this object was read, so \`channelEvents(after: seq)\` misses nothing.
  """
  seq: Seq!
  type: String!
  updatedAt: DateTime!

  """
  The viewer's own side of the channel. Not available inside events. Null for server tokens without \`sub\`.
  """
  viewer: ChannelViewer
}

"""Absolute numbers and the head of a channel the viewer belongs to."""
type ChannelBumped implements InboxEvent {
  at: DateTime!
  channelId: ID!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!
  lastMessage: Message
  seq: Seq!
  unreadCount: Int!
  unreadMentions: Int!
}

type ChannelConnection {
  edges: [ChannelEdge!]!
  nodes: [Channel!]!
  pageInfo: PageInfo!
}

type ChannelDeleted implements ChannelEvent & LoggedEvent {
  actor: User
  at: DateTime!
  channelId: ID!
  seq: Seq!
}

type ChannelEdge {
  cursor: String!
  node: Channel!
}

interface ChannelEvent {
  at: DateTime!
  channelId: ID!
}

"""
One filter language for SQL and for the SDK's live lists; the same predicate on both sides.
"""
input ChannelFilter {
  and: [ChannelFilter!]
  createdById: IdFilter
  custom: [CustomFilter!]
  hasUnread: Boolean
  id: IdFilter
  lastMessageAt: DateTimeFilter
  memberCount: IntFilter
  members: IdSetFilter
  not: ChannelFilter
  or: [ChannelFilter!]
  type: StringFilter
}

type ChannelJoined implements InboxEvent {
  at: DateTime!
  channel: Channel!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!
}

type ChannelLeft implements InboxEvent {
  at: DateTime!
  channelId: ID!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!

  """\`removed\`, \`left\` or \`deleted\`."""
  reason: String!
}

"""
The log no longer reaches back to \`after\`, or is another one since the database was restored or failed over: load a snapshot, which replaces all you know of the channel, then apply what has a higher seq.
"""
type ChannelReset implements ChannelEvent {
  at: DateTime!
  channelId: ID!

  """Epoch of the log from now on."""
  epoch: String!
  seq: Seq!
}

input ChannelSort {
  direction: SortDirection!
  field: ChannelSortField!
}

enum ChannelSortField {
  CREATED_AT
  LAST_MESSAGE_AT
  MEMBER_COUNT
  UNREAD_COUNT
  UPDATED_AT
}

"""
The subscription is live from here. Read pointers are absolute; they are sent again when some may have been missed.
"""
type ChannelSynced implements ChannelEvent {
  at: DateTime!
  channelId: ID!

  """
  Epoch of the log: pass it with \`seq\` when you come back, as \`channelEvents(after, epoch)\`.
  """
  epoch: String!

  """
  The read pointers of the members. When many members read at the same time, further ChannelSynced events with the moved pointers replace a ReadAdvanced for each.
  """
  reads: [ReadAdvanced!]!
  seq: Seq!
}

type ChannelType {
  """Features of the channel type, each true or false."""
  features: JSONObject!
  name: String!
}

type ChannelUpdated implements ChannelEvent & LoggedEvent {
  actor: User
  at: DateTime!
  channel: Channel!
  channelId: ID!
  seq: Seq!
}

type ChannelViewer {
  capabilities: [String!]!
  membership: Member
  readSeq: Seq!
  unreadCount: Int!
  unreadMentions: Int!
}

input CreateChannelInput {
  custom: JSONObject
  image: String

  """
  With a server token, the key of the channel. With a user token, the key of a channel that the viewer may read; otherwise the key stands for a channel in a key space of the viewer: the same channel each time, and never that of another user.
  """
  key: String

  """
  The viewer is always one of them, as the owner, or as a member of a direct conversation of several. A user names users whom it may look up.
  """
  memberIds: [ID!]
  name: String
  type: String!
}

input CreateKeyInput {
  """Purpose of the key, up to 255 characters."""
  label: String
}

type CreatedApiKey {
  key: ApiKey!

  """The secret. It is shown only once; store it in your back end."""
  secret: String!
}

"""One field of the custom data, by path (\`a.b\`)."""
input CustomFilter {
  boolean: Boolean
  exists: Boolean
  number: FloatFilter
  path: String!
  string: StringFilter
}

"""ISO 8601 with milliseconds, UTC."""
scalar DateTime

input DateTimeFilter {
  gt: DateTime
  gte: DateTime
  lt: DateTime
  lte: DateTime
}

input DeleteChannelInput {
  channelId: ID!
}

input DeleteMessageInput {
  """Removes the content everywhere, including the log."""
  hard: Boolean
  messageId: ID!
}

input DeleteUsersInput {
  """1 to 100 ids."""
  userIds: [ID!]!
}

input FloatFilter {
  eq: Float
  gt: Float
  gte: Float
  lt: Float
  lte: Float
}

input IdFilter {
  eq: ID
  in: [ID!]
}

input IdSetFilter {
  """All of these."""
  contains: [ID!]
  containsAny: [ID!]

  """These and no other."""
  equals: [ID!]
}

interface InboxEvent {
  at: DateTime!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!
}

type InboxSynced implements InboxEvent {
  at: DateTime!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!

  """
  Epoch of the log. A changed epoch means that the database was restored or failed over: channels and messages known to the client may not exist any more, so reload your lists.
  """
  epoch: String!
}

input IntFilter {
  eq: Int
  gt: Int
  gte: Int
  lt: Int
  lte: Int
}

"""A JSON object (custom data: at most 5 KiB)."""
scalar JSONObject

"""Fields of every durable event."""
interface LoggedEvent implements ChannelEvent {
  actor: User
  at: DateTime!
  channelId: ID!
  seq: Seq!
}

input MarkReadInput {
  channelId: ID!

  """Default: the head."""
  seq: Seq
}

type Member {
  createdAt: DateTime!
  custom: JSONObject!

  """Role in the channel: \`owner\`, \`moderator\`, \`member\`."""
  role: String!
  user: User!
}

type MemberConnection {
  edges: [MemberEdge!]!
  nodes: [Member!]!
  pageInfo: PageInfo!
}

type MemberEdge {
  cursor: String!
  node: Member!
}

input MemberInput {
  custom: JSONObject

  """
  \`owner\`, \`moderator\` or \`member\` (default). Only an owner may give another role than \`member\`.
  """
  role: String
  userId: ID!
}

type MembersAdded implements ChannelEvent & LoggedEvent {
  actor: User
  at: DateTime!
  channelId: ID!
  memberCount: Int!
  members: [Member!]!
  seq: Seq!
}

type MembersRemoved implements ChannelEvent & LoggedEvent {
  actor: User
  at: DateTime!
  channelId: ID!
  memberCount: Int!
  seq: Seq!
  userIds: [ID!]!
}

type Message {
  attachments: [Attachment!]!
  channelId: ID!
  createdAt: DateTime!
  custom: JSONObject!
  deletedAt: DateTime
  editedAt: DateTime

  """A UUID chosen by the sender; sending it again is safe."""
  id: ID!
  kind: MessageKind!
  mentionedUsers: [User!]!

  """Viewer-scoped; in events it is null and the SDK derives it."""
  ownReactions: [Reaction!]

  """Thread root, if this is a reply."""
  parentId: ID

  """The quoted message, one level deep: its own \`quoted\` is null."""
  quoted: Message
  reactionGroups: [ReactionGroup!]!

  """
  The thread below this message, from old to new; by default the newest 25. Null inside events.
  """
  replies(after: String, around: ID, before: String, first: Int, last: Int): MessageConnection

  """
  Number of replies that are not deleted. A change sends no event of the thread root; clients count the MessageCreated and MessageDeleted events of its replies.
  """
  replyCount: Int!

  """Position at which the message was created."""
  seq: Seq!

  """Empty once the message was deleted."""
  text: String!
  user: User
}

type MessageConnection {
  edges: [MessageEdge!]!
  nodes: [Message!]!
  pageInfo: PageInfo!
}

type MessageCreated implements ChannelEvent & LoggedEvent {
  actor: User
  at: DateTime!
  channelId: ID!
  message: Message!
  seq: Seq!
}

type MessageDeleted implements ChannelEvent & LoggedEvent {
  actor: User
  at: DateTime!
  channelId: ID!
  hard: Boolean!
  message: Message!
  seq: Seq!
}

type MessageEdge {
  cursor: String!
  node: Message!
}

enum MessageKind {
  EPHEMERAL
  REGULAR
  SYSTEM
}

type MessageUpdated implements ChannelEvent & LoggedEvent {
  actor: User
  at: DateTime!
  channelId: ID!
  message: Message!
  seq: Seq!
}

type Mutation {
  """
  Up to 100 a call. Existing members stay members; a given role or custom data replaces the stored value. Every user may join a channel of an open type, and every member of a direct conversation may add back those who left it.
  """
  addMembers(input: AddMembersInput!): Channel!
  addReaction(input: AddReactionInput!): Message!

  """
  Gets the channel if it exists, else creates it. Without \`key\` it is a direct conversation: one channel per set of members, in which all of them have the same rights. A user who left it joins again by opening it.
  """
  createChannel(input: CreateChannelInput!): Channel!

  """
  Server tokens only. Makes a further key, up to 20; the others stay valid.
  """
  createKey(input: CreateKeyInput!): CreatedApiKey!
  deleteChannel(input: DeleteChannelInput!): Channel!

  """Leaves a tombstone without content; with \`hard\` the message is gone."""
  deleteMessage(input: DeleteMessageInput!): Message!

  """
  Server tokens only. Empties the profiles of these users, refuses their tokens and closes their sockets at once; their memberships end within seconds. Their messages stay, with an author who has no name. Upserting a user brings it back, without its memberships.
  """
  deleteUsers(input: DeleteUsersInput!): [User!]!

  """
  Moves the read pointer forward, never past the head of the log. A lower \`seq\` is ignored.
  """
  markRead(input: MarkReadInput!): ReadState!

  """Up to 100 a call. A user who removes only itself leaves the channel."""
  removeMembers(input: RemoveMembersInput!): Channel!
  removeReaction(input: RemoveReactionInput!): Message!

  """
  Server tokens only. Refuses every token of the key from now on and closes their sockets within a second. The only valid key of an app cannot be revoked: create another first.
  """
  revokeKey(input: RevokeKeyInput!): ApiKey!

  """
  Server tokens only. Refuses tokens issued up to \`issuedBefore\` from now on and closes their sockets.
  """
  revokeTokens(input: RevokeTokensInput!): App!
  sendMessage(input: SendMessageInput!): Message!

  """
  Server tokens only. Replaces the list of websites that may use tokens of the app; sockets of others are closed.
  """
  setAllowedOrigins(input: SetAllowedOriginsInput!): App!

  """
  Ephemeral. \`typing: false\` stops it; it also stops by itself after 7 s.
  """
  setTyping(input: SetTypingInput!): Boolean!

  """
  Server tokens only. The change holds for every request from now on. Sockets that may see something else from now on are closed within a second, and resume when they reconnect.
  """
  updateAppSettings(input: UpdateAppSettingsInput!): AppSettings!

  """Omitted fields are unchanged; null clears."""
  updateChannel(input: UpdateChannelInput!): Channel!

  """Omitted fields are unchanged; null clears."""
  updateMe(input: UpdateMeInput!): User!

  """Omitted fields are unchanged."""
  updateMessage(input: UpdateMessageInput!): Message!

  """Server tokens only. Creates or replaces up to 100 users."""
  upsertUsers(input: UpsertUsersInput!): [User!]!
}

type PageInfo {
  endCursor: String
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
}

type PresenceChanged {
  lastActiveAt: DateTime
  online: Boolean!
  userId: ID!
}

type Query {
  """
  Server tokens only. The websites that may use tokens of the app. An empty list allows all.
  """
  allowedOrigins: [String!]!

  """
  Server tokens only. The valid keys of the app, newest first, then those that were revoked.
  """
  apiKeys: [ApiKey!]!

  """The app of the caller, with its limits, channel types and features."""
  app: App!
  channel(id: ID!): Channel

  """
  Channels that the viewer may read: those of which it is a member, and those of an open type. Default order: LAST_MESSAGE_AT DESC; ties by id.
  """
  channels(after: String, filter: ChannelFilter, first: Int, sort: [ChannelSort!]): ChannelConnection!
  me: User!
  message(id: ID!): Message

  """Total and per-channel unread numbers of the viewer."""
  unread: UnreadSummary!

  """
  The user, or null when it does not exist or the viewer may not look it up (see AppSettings).
  """
  user(id: ID!): User

  """
  Users whom the viewer may look up (see AppSettings). Where presence is not visible, \`online\` in the filter and LAST_ACTIVE_AT in the sort are refused.
  """
  users(after: String, filter: UserFilter, first: Int, sort: [UserSort!]): UserConnection!
}

type Reaction {
  createdAt: DateTime!
  score: Int!
  type: String!
  user: User!
}

type ReactionAdded implements ChannelEvent & LoggedEvent {
  actor: User
  at: DateTime!
  channelId: ID!
  message: Message!
  reaction: Reaction!
  seq: Seq!
}

type ReactionGroup {
  count: Int!
  firstAt: DateTime!
  lastAt: DateTime!
  sumScores: Int!
  type: String!
}

type ReactionRemoved implements ChannelEvent & LoggedEvent {
  actor: User
  at: DateTime!
  channelId: ID!
  message: Message!
  reaction: Reaction!
  seq: Seq!
}

"""
A state, not part of the log: the newest one wins, and applying it twice is harmless.
"""
type ReadAdvanced implements ChannelEvent {
  at: DateTime!
  channelId: ID!
  readSeq: Seq!
  userId: ID!
}

type ReadState {
  readAt: DateTime!
  readSeq: Seq!
  unreadCount: Int!
  user: User!
}

input RemoveMembersInput {
  channelId: ID!
  userIds: [ID!]!
}

input RemoveReactionInput {
  messageId: ID!
  type: String!
}

input RevokeKeyInput {
  keyId: ID!
}

input RevokeTokensInput {
  """Default: now."""
  issuedBefore: DateTime

  """
  The user whose tokens are revoked. Default: every user and every server token of the app, including the one in use.
  """
  userId: ID
}

input SendMessageInput {
  attachments: [AttachmentInput!]
  channelId: ID!
  custom: JSONObject

  """
  A UUID that makes a retry safe: the same id is stored once. Without it a retry may send twice.
  """
  id: ID
  mentionedUserIds: [ID!]
  parentId: ID
  quotedId: ID
  text: String
}

"""
A position in a channel's log: 1, 2, 3, … dense, no holes. A JSON number.
"""
scalar Seq

input SetAllowedOriginsInput {
  """
  Up to 100, as browsers send them, for example "https://app.example.com"; an empty list allows all.
  """
  origins: [String!]!
}

input SetTypingInput {
  channelId: ID!
  parentId: ID
  typing: Boolean!
}

enum SortDirection {
  ASC
  DESC
}

input StringFilter {
  contains: String
  eq: String
  in: [String!]
  startsWith: String
}

type Subscription {
  """
  Replays what follows \`after\` (or starts at the head without it), then ChannelSynced, then live. With the \`epoch\` that \`after\` is of, a log that was set back in between is answered with ChannelReset.
  """
  channelEvents(after: Seq, channelId: ID!, epoch: String): ChannelEvent!

  """
  Changes that concern the viewer outside the channels being watched. Begins with the absolute state of every channel that changed since \`after\`, or of all channels when the log was set back since then.
  """
  inbox(after: String): InboxEvent!

  """Presence of up to 200 users. Begins with the current state of each."""
  presence(userIds: [ID!]!): PresenceChanged!

  """
  Like \`presence\`, but changes at about the same time come in one list: a thousand users who come online give a few results instead of a thousand.
  """
  presenceChanges(userIds: [ID!]!): [PresenceChanged!]!
}

type TypingChanged implements ChannelEvent {
  at: DateTime!
  channelId: ID!
  parentId: ID
  typing: Boolean!
  user: User!
}

type UnreadChanged implements InboxEvent {
  at: DateTime!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!
  totalUnread: Int!
  unreadChannels: Int!
}

type UnreadSummary {
  totalUnread: Int!
  unreadChannels: Int!
  unreadMentions: Int!
}

"""Omitted fields are unchanged."""
input UpdateAppSettingsInput {
  """
  Whether a user sees when those whom it may look up are online and were active last. Default: true.
  """
  presenceVisible: Boolean

  """
  Whom a user may look up. Name and image of those who share a channel show in it whatever this says. Default: EVERYBODY.
  """
  userVisibility: UserVisibility

  """
  Whether a user that names an unknown id as a member creates that user. Default: false.
  """
  usersMayCreateUsers: Boolean
}

input UpdateChannelInput {
  channelId: ID!
  custom: JSONObject
  image: String
  name: String
}

input UpdateMeInput {
  custom: JSONObject
  image: String
  name: String
}

input UpdateMessageInput {
  attachments: [AttachmentInput!]
  custom: JSONObject
  mentionedUserIds: [ID!]
  messageId: ID!
  text: String
}

input UpsertUsersInput {
  users: [UserInput!]!
}

type User {
  createdAt: DateTime!

  """
  For everybody who may look the user up; empty for the others. Use \`private\` for what others must not read.
  """
  custom: JSONObject!
  deletedAt: DateTime
  id: ID!
  image: String

  """
  Null for those whose presence the viewer may not see (see AppSettings).
  """
  lastActiveAt: DateTime
  name: String

  """
  False for those whose presence the viewer may not see (see AppSettings).
  """
  online: Boolean!

  """
  For server tokens, which write it, and for the user itself; null for everybody else. Not available inside events.
  """
  private: JSONObject

  """
  Role in the app: \`user\`, \`admin\`, or a role of your own. Users whom the viewer may not look up show as \`user\` (see AppSettings).
  """
  role: String!
  updatedAt: DateTime!
}

type UserConnection {
  edges: [UserEdge!]!
  nodes: [User!]!
  pageInfo: PageInfo!
}

type UserEdge {
  cursor: String!
  node: User!
}

input UserFilter {
  and: [UserFilter!]
  id: IdFilter
  name: StringFilter
  online: Boolean
  or: [UserFilter!]
  role: StringFilter
}

input UserInput {
  custom: JSONObject
  id: ID!
  image: String
  name: String

  """Read by server tokens and the user itself only."""
  private: JSONObject
  role: String
}

input UserSort {
  direction: SortDirection!
  field: UserSortField!
}

enum UserSortField {
  CREATED_AT
  ID
  LAST_ACTIVE_AT
  NAME
}

"""
Whom a user may look up: find with \`user\` and \`users\`, add as a member, and read more of than name and image.
"""
enum UserVisibility {
  """Every user of the app."""
  EVERYBODY

  """Nobody but itself: only back ends and admins look users up."""
  SERVER

  """
  Those with whom it shares a channel of a type that is not open to everybody.
  """
  SHARED_CHANNELS
}
`;
