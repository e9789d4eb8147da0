// Printed by services/api (src/print-schema.ts); do not edit.
/** The whole schema of the public API, as the API prints it. */
export const sdl: string = `"""Who becomes a member of which channel."""
input AddMembersInput {
  """Id of the channel: its type, a colon, its key."""
  channelId: ID!

  """1 to 100 members."""
  members: [MemberInput!]!
}

"""A reaction of the viewer to a message."""
input AddReactionInput {
  """Removes the viewer's other reactions to this message."""
  exclusive: Boolean

  """Id of the message."""
  messageId: ID!

  """1 to 1000; default 1."""
  score: Int

  """A word or an emoji, up to 64 characters, such as \`like\` or \`👍\`."""
  type: String!
}

"""A key that signs tokens of the app."""
type ApiKey {
  """When the key was made."""
  createdAt: DateTime!

  """The \`kid\` of its tokens."""
  id: ID!

  """Your description of what the key is for."""
  label: String

  """The last four characters of its secret."""
  lastFour: String!

  """When the key was revoked; null while it is valid."""
  revokedAt: DateTime
}

"""
A tenant: users, channels and messages of one app are unknown to every other.
"""
type App {
  """The types that a channel may have."""
  channelTypes: [ChannelType!]!

  """What the app is for."""
  environment: AppEnvironment!

  """Id of the app."""
  id: ID!

  """
  Every limit by its name: lengths of text in UTF-16 code units, sizes in bytes, times in ms.
  """
  limits: JSONObject!

  """Name of the app."""
  name: String!

  """What the users of the app may know and do."""
  settings: AppSettings!
}

"""What an app is for. It changes nothing of what the app may do."""
enum AppEnvironment {
  """For those who build the app."""
  development

  """For the people who use the app."""
  production

  """For tests before a release."""
  staging
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

"""A file or a link in a message. The content itself is kept elsewhere."""
type Attachment {
  """Data of your own."""
  custom: JSONObject!

  """Length of a recording, in ms."""
  durationMs: Int

  """Pixels."""
  height: Int

  """Id of the attachment, given when the message was sent."""
  id: ID!

  """Media type, such as \`image/png\`, up to 255 characters."""
  mimeType: String

  """Bytes."""
  size: Int

  """Address of a small picture of it, http or https, up to 2,048 bytes."""
  thumbnailUrl: String

  """Name to show, up to 255 characters."""
  title: String

  """
  A word that says how to show it, such as \`image\`, \`file\` or one of your own.
  """
  type: String!

  """Address of the content, http or https, up to 2,048 bytes."""
  url: String

  """Pixels."""
  width: Int
}

"""A file or a link that a message brings."""
input AttachmentInput {
  """Data of your own, a JSON object of up to 5 KiB."""
  custom: JSONObject

  """Length of a recording, in ms."""
  durationMs: Int

  """Pixels."""
  height: Int

  """Media type, such as \`image/png\`, up to 255 characters."""
  mimeType: String

  """Bytes."""
  size: Int

  """Address of a small picture of it, http or https, up to 2,048 bytes."""
  thumbnailUrl: String

  """Name to show, up to 255 characters."""
  title: String

  """
  A word that says how to show it, such as \`image\`, \`file\` or one of your own.
  """
  type: String!

  """Address of the content, http or https, up to 2,048 bytes."""
  url: String

  """Pixels."""
  width: Int
}

"""
A conversation: its members, its messages and a log of everything that happens in it.
"""
type Channel implements Node {
  """When the channel was made."""
  createdAt: DateTime!

  """Who made it; null for your back end."""
  createdBy: User

  """Data of your own."""
  custom: JSONObject!

  """
  Epoch of the log that \`seq\` is a position in, to be passed with it: \`channelEvents(after: seq, epoch: epoch)\`. It changes when the database was restored or failed over. Not available inside events.
  """
  epoch: String!

  """The type, a colon, the key: \`messaging:general\`."""
  id: ID!

  """Address of a picture; null when it has none."""
  image: String

  """The second part of the id."""
  key: String!

  """When its newest message was sent; null while there is none."""
  lastMessageAt: DateTime

  """Number of members."""
  memberCount: Int!

  """By user id. Not available inside events."""
  members(
    """A cursor: the page begins behind it."""
    after: String

    """Length of the page from its beginning, 1 to 100. Default: 25."""
    first: Int
  ): MemberConnection!

  """
  The timeline without replies, from old to new; by default the newest 25. Not available inside events.
  """
  messages(
    """A cursor: the page begins behind it."""
    after: String

    """Id of a message: the page holds it and its neighbours."""
    around: ID

    """
    Position in the channel's log: the page holds the first message from there on and its neighbours. \`readSeq\` of the viewer plus 1 is where reading stopped.
    """
    aroundSeq: Seq

    """A cursor: the page ends in front of it."""
    before: String

    """Length of the page from its beginning, 1 to 100. Default: 25."""
    first: Int

    """Length of the page from its end, 1 to 100."""
    last: Int
  ): MessageConnection!

  """Name that its members see; null when it has none."""
  name: String

  """
  Head of the channel's log. Taken before the rest of this object was read, so \`channelEvents(after: seq)\` misses nothing.
  """
  seq: Seq!

  """The first part of the id. It says what can be done in the channel."""
  type: String!

  """When name, image or custom data changed last."""
  updatedAt: DateTime!

  """
  The viewer's own side of the channel. Not available inside events. Null for server tokens without \`sub\`.
  """
  viewer: ChannelViewer
}

"""Absolute numbers and the head of a channel the viewer belongs to."""
type ChannelBumped implements InboxEvent {
  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!

  """The newest message; null when there is none."""
  lastMessage: Message

  """Head of the channel's log."""
  seq: Seq!

  """Number of messages of others that the viewer has not read."""
  unreadCount: Int!

  """Number of those that mention the viewer."""
  unreadMentions: Int!
}

"""A page of channels."""
type ChannelConnection {
  """The items, each with its cursor."""
  edges: [ChannelEdge!]!

  """The items."""
  nodes: [Channel!]!

  """Whether there are more items, and the cursors to ask for them."""
  pageInfo: PageInfo!
}

"""The channel was deleted: nothing follows."""
type ChannelDeleted implements ChannelEvent & LoggedEvent {
  """Who did it; null for your back end."""
  actor: User

  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """
  Position in the channel's log. Remember the newest one that you applied, and resume with it.
  """
  seq: Seq!
}

"""A channel, and its place in the list."""
type ChannelEdge {
  """Place of the item in the list: pass it as \`after\` or \`before\`."""
  cursor: String!

  """The item."""
  node: Channel!
}

"""Something that happened in a channel that is being watched."""
interface ChannelEvent {
  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!
}

"""
One filter language for SQL and for the SDK's live lists; the same predicate on both sides.
"""
input ChannelFilter {
  """All of these hold."""
  and: [ChannelFilter!]

  """Id of the user who made the channel."""
  createdById: IdFilter

  """Conditions on custom data; all of them hold."""
  custom: [CustomFilter!]

  """Whether the viewer has unread messages in it."""
  hasUnread: Boolean

  """Id of the channel."""
  id: IdFilter

  """Time of the newest message."""
  lastMessageAt: DateTimeFilter

  """Number of members."""
  memberCount: IntFilter

  """Ids of the members."""
  members: IdSetFilter

  """This does not hold."""
  not: ChannelFilter

  """At least one of these holds."""
  or: [ChannelFilter!]

  """Type of the channel."""
  type: StringFilter
}

"""The viewer became a member of a channel."""
type ChannelJoined implements InboxEvent {
  """When it happened."""
  at: DateTime!

  """The channel."""
  channel: Channel!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!
}

"""The viewer is no longer in a channel."""
type ChannelLeft implements InboxEvent {
  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!

  """Why."""
  reason: LeaveReason!
}

"""
The log no longer reaches back to \`after\`, or is another one since the database was restored or failed over: load a snapshot, which replaces all you know of the channel, then apply what has a higher seq.
"""
type ChannelReset implements ChannelEvent {
  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """Epoch of the log from now on."""
  epoch: String!

  """Head of the log."""
  seq: Seq!
}

"""One field of the order of channels."""
input ChannelSort {
  """Up or down."""
  direction: SortDirection!

  """The field that orders."""
  field: ChannelSortField!
}

"""What channels can be ordered by."""
enum ChannelSortField {
  """When the channel was made."""
  CREATED_AT

  """When its newest message was sent."""
  LAST_MESSAGE_AT

  """How many members it has."""
  MEMBER_COUNT

  """How many messages the viewer has not read."""
  UNREAD_COUNT

  """When its name, image or custom data changed last."""
  UPDATED_AT
}

"""
The subscription is live from here. Read pointers are absolute; they are sent again when some may have been missed.
"""
type ChannelSynced implements ChannelEvent {
  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """
  Epoch of the log: pass it with \`seq\` when you come back, as \`channelEvents(after, epoch)\`.
  """
  epoch: String!

  """
  The read pointers of the members. When many members read at the same time, further ChannelSynced events with the moved pointers replace a ReadAdvanced for each.
  """
  reads: [ReadAdvanced!]!

  """Position up to which everything was sent."""
  seq: Seq!
}

"""A type of channels, and what can be done in them."""
type ChannelType {
  """Features of the channel type, each true or false."""
  features: JSONObject!

  """Name of the type, the first part of the ids of its channels."""
  name: String!
}

"""Name, image or custom data of the channel changed."""
type ChannelUpdated implements ChannelEvent & LoggedEvent {
  """Who did it; null for your back end."""
  actor: User

  """When it happened."""
  at: DateTime!

  """The channel as it is now."""
  channel: Channel!

  """Id of the channel."""
  channelId: ID!

  """
  Position in the channel's log. Remember the newest one that you applied, and resume with it.
  """
  seq: Seq!
}

"""What only the viewer knows of a channel, and may do in it."""
type ChannelViewer {
  """
  What the viewer may do, such as \`send-message\`. Further words may be added.
  """
  capabilities: [String!]!

  """
  For caches: it is that of no other object, and nothing can be asked for by it.
  """
  id: ID!

  """
  The viewer as a member; null for a channel that is open to everybody and not joined.
  """
  membership: Member

  """Position up to which the viewer has read."""
  readSeq: Seq!

  """Number of messages of others behind that position."""
  unreadCount: Int!

  """Number of those that mention the viewer."""
  unreadMentions: Int!
}

"""A channel that is opened, or made when there is none."""
input CreateChannelInput {
  """Data of your own, a JSON object of up to 5 KiB."""
  custom: JSONObject

  """Address of a picture, http or https, up to 2,048 bytes."""
  image: String

  """
  With a server token, the key of the channel. With a user token, the key of a channel that the viewer may read; otherwise the key stands for a channel in a key space of the viewer: the same channel each time, and never that of another user.
  """
  key: String

  """
  The viewer is always one of them, as the owner, or as a member of a direct conversation of several. A user names users whom it may look up.
  """
  memberIds: [ID!]

  """Name that its members see, up to 255 characters."""
  name: String

  """Type of the channel, one of \`app.channelTypes\`."""
  type: String!
}

"""A further key."""
input CreateKeyInput {
  """Purpose of the key, up to 255 characters."""
  label: String
}

"""A key that was just made."""
type CreatedApiKey {
  """The key, as \`apiKeys\` lists it from now on."""
  key: ApiKey!

  """The secret. It is shown only once; store it in your back end."""
  secret: String!
}

"""One field of the custom data, by path (\`a.b\`)."""
input CustomFilter {
  """The value is this boolean."""
  boolean: Boolean

  """Whether there is a value other than null."""
  exists: Boolean

  """The value is a number, and this holds of it."""
  number: FloatFilter

  """Keys joined by dots, such as \`order.status\`."""
  path: String!

  """The value is a text, and this holds of it."""
  string: StringFilter
}

"""
A moment, as RFC 3339 text with a time zone. Answers are in UTC with milliseconds: \`2026-01-31T12:00:00.000Z\`. A day that does not exist is refused.
"""
scalar DateTime @specifiedBy(url: "https://scalars.graphql.org/andimarek/date-time")

"""A condition on a moment."""
input DateTimeFilter {
  """Greater than this."""
  gt: DateTime

  """Greater than or equal to this."""
  gte: DateTime

  """Less than this."""
  lt: DateTime

  """Less than or equal to this."""
  lte: DateTime
}

"""Which channel is deleted."""
input DeleteChannelInput {
  """Id of the channel: its type, a colon, its key."""
  channelId: ID!
}

"""Which message is deleted."""
input DeleteMessageInput {
  """Removes the content everywhere, including the log."""
  hard: Boolean

  """Id of the message."""
  messageId: ID!
}

"""Which users are deleted."""
input DeleteUsersInput {
  """1 to 100 ids."""
  userIds: [ID!]!
}

"""A condition on a number."""
input FloatFilter {
  """Equal to this."""
  eq: Float

  """Greater than this."""
  gt: Float

  """Greater than or equal to this."""
  gte: Float

  """Less than this."""
  lt: Float

  """Less than or equal to this."""
  lte: Float
}

"""A condition on an id."""
input IdFilter {
  """Equal to this."""
  eq: ID

  """Equal to one of these, at most 100."""
  in: [ID!]
}

"""A condition on a set of ids."""
input IdSetFilter {
  """All of these."""
  contains: [ID!]

  """At least one of these."""
  containsAny: [ID!]

  """These and no other."""
  equals: [ID!]
}

"""
Something that concerns the viewer outside the channels being watched. Every number is absolute, so applying one twice does no harm.
"""
interface InboxEvent {
  """When it happened."""
  at: DateTime!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!
}

"""The absolute state was sent; from here on the subscription is live."""
type InboxSynced implements InboxEvent {
  """When it happened."""
  at: DateTime!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!

  """
  Epoch of the log. A changed epoch means that the database was restored or failed over: channels and messages known to the client may not exist any more, so reload your lists.
  """
  epoch: String!
}

"""
The profile of somebody changed who shares a channel of up to 5,000 members with the viewer, or of the viewer. The newest by \`user.updatedAt\` wins.
"""
type InboxUserUpdated implements InboxEvent {
  """When it happened."""
  at: DateTime!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!

  """The user as it is now."""
  user: User!
}

"""A condition on a whole number."""
input IntFilter {
  """Equal to this."""
  eq: Int

  """Greater than this."""
  gt: Int

  """Greater than or equal to this."""
  gte: Int

  """Less than this."""
  lt: Int

  """Less than or equal to this."""
  lte: Int
}

"""
A JSON object. Custom data takes up to 5 KiB. A whole number that a JSON number cannot hold is refused; send it as text.
"""
scalar JSONObject @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc8259#section-4")

"""Why the viewer is no longer in a channel."""
enum LeaveReason {
  """The channel was deleted."""
  deleted

  """The viewer left."""
  left

  """Somebody else removed the viewer."""
  removed
}

"""Fields of every durable event."""
interface LoggedEvent implements ChannelEvent {
  """Who did it; null for your back end."""
  actor: User

  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """
  Position in the channel's log. Remember the newest one that you applied, and resume with it.
  """
  seq: Seq!
}

"""How far the viewer has read."""
input MarkReadInput {
  """Id of the channel: its type, a colon, its key."""
  channelId: ID!

  """Default: the head."""
  seq: Seq
}

"""A user in a channel."""
type Member {
  """When the user became a member."""
  createdAt: DateTime!

  """Data of your own about the membership."""
  custom: JSONObject!

  """
  For caches: it is that of no other object, and nothing can be asked for by it.
  """
  id: ID!

  """Role in the channel: \`owner\`, \`moderator\`, \`member\`."""
  role: String!

  """The user."""
  user: User!
}

"""A page of members."""
type MemberConnection {
  """The items, each with its cursor."""
  edges: [MemberEdge!]!

  """The items."""
  nodes: [Member!]!

  """Whether there are more items, and the cursors to ask for them."""
  pageInfo: PageInfo!
}

"""A member, and its place in the list."""
type MemberEdge {
  """Place of the item in the list: pass it as \`after\` or \`before\`."""
  cursor: String!

  """The item."""
  node: Member!
}

"""Somebody who becomes a member."""
input MemberInput {
  """Data of your own, a JSON object of up to 5 KiB."""
  custom: JSONObject

  """
  \`owner\`, \`moderator\` or \`member\` (default). Only an owner may give another role than \`member\`.
  """
  role: String

  """Id of the user."""
  userId: ID!
}

"""Users became members of the channel."""
type MembersAdded implements ChannelEvent & LoggedEvent {
  """Who did it; null for your back end."""
  actor: User

  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """Number of members now."""
  memberCount: Int!

  """Those who were added, at most 50 an event."""
  members: [Member!]!

  """
  Position in the channel's log. Remember the newest one that you applied, and resume with it.
  """
  seq: Seq!
}

"""Users are no longer members of the channel."""
type MembersRemoved implements ChannelEvent & LoggedEvent {
  """Who did it; null for your back end."""
  actor: User

  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """Number of members now."""
  memberCount: Int!

  """
  Position in the channel's log. Remember the newest one that you applied, and resume with it.
  """
  seq: Seq!

  """Ids of those who were removed or left."""
  userIds: [ID!]!
}

"""What somebody said in a channel."""
type Message implements Node {
  """Files and links; empty once the message was deleted."""
  attachments: [Attachment!]!

  """Id of the channel."""
  channelId: ID!

  """When it was sent."""
  createdAt: DateTime!

  """Data of your own; empty once the message was deleted."""
  custom: JSONObject!

  """When it was deleted; null while it stands."""
  deletedAt: DateTime

  """When its content changed last; null when it never did."""
  editedAt: DateTime

  """A UUID chosen by the sender; sending it again is safe."""
  id: ID!

  """Who speaks: a user, or your back end."""
  kind: MessageKind!

  """The users whom it mentions."""
  mentionedUsers: [User!]!

  """
  The viewer's own reactions; null for server tokens without \`sub\`. Not available inside events: clients count them from ReactionAdded and ReactionRemoved.
  """
  ownReactions: [Reaction!]

  """Thread root, if this is a reply."""
  parentId: ID

  """
  The message that it quotes; null when that one is gone. What a quoted message quotes is not available inside events.
  """
  quoted: Message

  """
  Id of the message that it quotes, which stays when that one is gone; null once this message was deleted.
  """
  quotedId: ID

  """The reactions, counted by type."""
  reactionGroups: [ReactionGroup!]!

  """
  The thread below this message, from old to new; by default the newest 25. Not available inside events.
  """
  replies(
    """A cursor: the page begins behind it."""
    after: String

    """Id of a message: the page holds it and its neighbours."""
    around: ID

    """
    Position in the channel's log: the page holds the first message from there on and its neighbours. \`readSeq\` of the viewer plus 1 is where reading stopped.
    """
    aroundSeq: Seq

    """A cursor: the page ends in front of it."""
    before: String

    """Length of the page from its beginning, 1 to 100. Default: 25."""
    first: Int

    """Length of the page from its end, 1 to 100."""
    last: Int
  ): MessageConnection

  """
  Number of replies that are not deleted. A change sends no event of the thread root; clients count the MessageCreated and MessageDeleted events of its replies.
  """
  replyCount: Int!

  """Position at which the message was created."""
  seq: Seq!

  """Empty once the message was deleted."""
  text: String!

  """Who sent it; null for your back end."""
  user: User
}

"""A page of messages."""
type MessageConnection {
  """The items, each with its cursor."""
  edges: [MessageEdge!]!

  """The items."""
  nodes: [Message!]!

  """Whether there are more items, and the cursors to ask for them."""
  pageInfo: PageInfo!
}

"""A message was sent."""
type MessageCreated implements ChannelEvent & LoggedEvent {
  """Who did it; null for your back end."""
  actor: User

  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """The message."""
  message: Message!

  """
  Position in the channel's log. Remember the newest one that you applied, and resume with it.
  """
  seq: Seq!
}

"""A message was deleted."""
type MessageDeleted implements ChannelEvent & LoggedEvent {
  """Who did it; null for your back end."""
  actor: User

  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """Whether it is gone without a tombstone."""
  hard: Boolean!

  """The message without its content."""
  message: Message!

  """
  Position in the channel's log. Remember the newest one that you applied, and resume with it.
  """
  seq: Seq!
}

"""A message, and its place in the list."""
type MessageEdge {
  """Place of the item in the list: pass it as \`after\` or \`before\`."""
  cursor: String!

  """The item."""
  node: Message!
}

"""What kind of message it is."""
enum MessageKind {
  """Reserved: no message is of this kind yet."""
  EPHEMERAL

  """What somebody said."""
  REGULAR

  """Sent by your back end, in no name of a user."""
  SYSTEM
}

"""The content of a message changed."""
type MessageUpdated implements ChannelEvent & LoggedEvent {
  """Who did it; null for your back end."""
  actor: User

  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """The message as it is now."""
  message: Message!

  """
  Position in the channel's log. Remember the newest one that you applied, and resume with it.
  """
  seq: Seq!
}

"""
Everything that changes something. Sending one again after a fault of the network is safe where its description says so.
"""
type Mutation {
  """
  Up to 100 a call. Existing members stay members; a given role or custom data replaces the stored value. Every user may join a channel of an open type, and every member of a direct conversation may add back those who left it.
  """
  addMembers(
    """What to change, and to what."""
    input: AddMembersInput!
  ): Channel!

  """
  Adds a reaction of the viewer. The same one again changes its score alone, so a retry is safe.
  """
  addReaction(
    """What to change, and to what."""
    input: AddReactionInput!
  ): Message!

  """
  Gets the channel if it exists, else creates it. Without \`key\` it is a direct conversation: one channel per set of members, in which all of them have the same rights. A user who left it joins again by opening it.
  """
  createChannel(
    """What to change, and to what."""
    input: CreateChannelInput!
  ): Channel!

  """
  Server tokens only. Makes a further key, up to 20; the others stay valid.
  """
  createKey(
    """What to change, and to what."""
    input: CreateKeyInput!
  ): CreatedApiKey!

  """
  Ends the channel for all its members. Its messages cannot be read any more.
  """
  deleteChannel(
    """What to change, and to what."""
    input: DeleteChannelInput!
  ): Channel!

  """Leaves a tombstone without content; with \`hard\` the message is gone."""
  deleteMessage(
    """What to change, and to what."""
    input: DeleteMessageInput!
  ): Message!

  """
  Server tokens only. Empties the profiles of these users, refuses their tokens and closes their sockets at once; their memberships end within seconds. Their messages stay, with an author who has no name. Upserting a user brings it back, without its memberships.
  """
  deleteUsers(
    """What to change, and to what."""
    input: DeleteUsersInput!
  ): [User!]!

  """
  Moves the read pointer forward, never past the head of the log. A lower \`seq\` is ignored.
  """
  markRead(
    """What to change, and to what."""
    input: MarkReadInput!
  ): ReadState!

  """Up to 100 a call. A user who removes only itself leaves the channel."""
  removeMembers(
    """What to change, and to what."""
    input: RemoveMembersInput!
  ): Channel!

  """
  Removes a reaction of the viewer. Removing one that is not there does nothing.
  """
  removeReaction(
    """What to change, and to what."""
    input: RemoveReactionInput!
  ): Message!

  """
  Server tokens only. Refuses every token of the key from now on and closes their sockets within a second. The only valid key of an app cannot be revoked: create another first.
  """
  revokeKey(
    """What to change, and to what."""
    input: RevokeKeyInput!
  ): ApiKey!

  """
  Server tokens only. Refuses tokens issued up to \`issuedBefore\` from now on and closes their sockets.
  """
  revokeTokens(
    """What to change, and to what."""
    input: RevokeTokensInput!
  ): App!

  """
  Sends a message. With an \`id\` of your own a retry is safe: it is stored once.
  """
  sendMessage(
    """What to change, and to what."""
    input: SendMessageInput!
  ): Message!

  """
  Server tokens only. Replaces the list of websites that may use tokens of the app; sockets of others are closed.
  """
  setAllowedOrigins(
    """What to change, and to what."""
    input: SetAllowedOriginsInput!
  ): App!

  """
  Ephemeral. \`typing: false\` stops it; it also stops by itself after 7 s.
  """
  setTyping(
    """What to change, and to what."""
    input: SetTypingInput!
  ): Boolean!

  """
  Server tokens only. The change holds for every request from now on. Sockets that may see something else from now on are closed within a second, and resume when they reconnect.
  """
  updateAppSettings(
    """What to change, and to what."""
    input: UpdateAppSettingsInput!
  ): AppSettings!

  """Omitted fields are unchanged; null clears."""
  updateChannel(
    """What to change, and to what."""
    input: UpdateChannelInput!
  ): Channel!

  """Omitted fields are unchanged; null clears."""
  updateMe(
    """What to change, and to what."""
    input: UpdateMeInput!
  ): User!

  """Omitted fields are unchanged."""
  updateMessage(
    """What to change, and to what."""
    input: UpdateMessageInput!
  ): Message!

  """Server tokens only. Creates or replaces up to 100 users."""
  upsertUsers(
    """What to change, and to what."""
    input: UpsertUsersInput!
  ): [User!]!
}

"""
An object that \`node\` gives by its id alone. An id that one object of an app has is refused to every other, of whatever type; a user that your back end makes under the id of a message is the one exception.
"""
interface Node {
  """Id of the object."""
  id: ID!
}

"""Where a page stands in its list."""
type PageInfo {
  """Cursor of the last item; null when the page is empty."""
  endCursor: String

  """Whether items follow the page."""
  hasNextPage: Boolean!

  """Whether items come before the page."""
  hasPreviousPage: Boolean!

  """Cursor of the first item; null when the page is empty."""
  startCursor: String
}

"""Whether a user is online now. The newest one counts."""
type PresenceChanged {
  """When the user was last online; null when it never was."""
  lastActiveAt: DateTime

  """Whether at least one client of the user is connected."""
  online: Boolean!

  """
  The user, of whom \`id\`, \`online\` and \`lastActiveAt\` are available here; ask for the rest with a query.
  """
  user: User!

  """Id of the user."""
  userId: ID!
}

"""Everything that can be asked for."""
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

  """The channel, or null when there is none or the viewer may not read it."""
  channel(
    """Id of the channel: its type, a colon, its key."""
    id: ID!
  ): Channel

  """
  Channels that the viewer may read: those of which it is a member, and those of an open type. Default order: LAST_MESSAGE_AT DESC; ties by id.
  """
  channels(
    """A cursor: the page begins behind it."""
    after: String

    """Which items; without it, all of them."""
    filter: ChannelFilter

    """Length of the page from its beginning, 1 to 100. Default: 25."""
    first: Int

    """Order of the items, by up to three fields."""
    sort: [ChannelSort!]
  ): ChannelConnection!

  """The user of the token."""
  me: User!

  """The message, or null when there is none or the viewer may not read it."""
  message(
    """Id of the message."""
    id: ID!
  ): Message

  """
  The user, channel or message of this id, or null when there is none or the viewer may not read it.
  """
  node(
    """Id of a user, a channel or a message."""
    id: ID!
  ): Node

  """
  As \`node\`, for up to 100 ids, in their order; null in the place of each that there is not or that the viewer may not read.
  """
  nodes(
    """Up to 100 ids of users, channels and messages."""
    ids: [ID!]!
  ): [Node]!

  """Total and per-channel unread numbers of the viewer."""
  unread: UnreadSummary!

  """
  The user, or null when it does not exist or the viewer may not look it up (see AppSettings).
  """
  user(
    """Id of the user."""
    id: ID!
  ): User

  """
  Users whom the viewer may look up (see AppSettings). Where presence is not visible, \`online\` in the filter and LAST_ACTIVE_AT in the sort are refused.
  """
  users(
    """A cursor: the page begins behind it."""
    after: String

    """Which items; without it, all of them."""
    filter: UserFilter

    """Length of the page from its beginning, 1 to 100. Default: 25."""
    first: Int

    """Order of the items, by up to three fields."""
    sort: [UserSort!]
  ): UserConnection!
}

"""What one user thinks of a message, in a word or an emoji."""
type Reaction {
  """When it was given."""
  createdAt: DateTime!

  """
  For caches: it is that of no other object, and nothing can be asked for by it.
  """
  id: ID!

  """1 to 1,000."""
  score: Int!

  """The word or emoji."""
  type: String!

  """Who gave it."""
  user: User!
}

"""Somebody reacted to a message."""
type ReactionAdded implements ChannelEvent & LoggedEvent {
  """Who did it; null for your back end."""
  actor: User

  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """The message with its reactions now."""
  message: Message!

  """The reaction."""
  reaction: Reaction!

  """
  Position in the channel's log. Remember the newest one that you applied, and resume with it.
  """
  seq: Seq!
}

"""The reactions of one type to a message."""
type ReactionGroup {
  """Number of users who gave it."""
  count: Int!

  """When the first was given."""
  firstAt: DateTime!

  """When the last was given."""
  lastAt: DateTime!

  """Sum of their scores."""
  sumScores: Int!

  """The word or emoji."""
  type: String!
}

"""Somebody took a reaction back."""
type ReactionRemoved implements ChannelEvent & LoggedEvent {
  """Who did it; null for your back end."""
  actor: User

  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """The message with its reactions now."""
  message: Message!

  """The reaction that is gone."""
  reaction: Reaction!

  """
  Position in the channel's log. Remember the newest one that you applied, and resume with it.
  """
  seq: Seq!
}

"""
A state, not part of the log: the newest one wins, and applying it twice is harmless.
"""
type ReadAdvanced implements ChannelEvent {
  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """Position up to which the user has read."""
  readSeq: Seq!

  """Id of the user."""
  userId: ID!
}

"""How far somebody has read in a channel."""
type ReadState {
  """
  For caches: it is that of no other object, and nothing can be asked for by it.
  """
  id: ID!

  """When the position moved last."""
  readAt: DateTime!

  """Position up to which the user has read."""
  readSeq: Seq!

  """Number of messages of others behind that position."""
  unreadCount: Int!

  """Who has read."""
  user: User!
}

"""Who is removed from which channel."""
input RemoveMembersInput {
  """Id of the channel: its type, a colon, its key."""
  channelId: ID!

  """1 to 100 ids of users."""
  userIds: [ID!]!
}

"""Which reaction of the viewer is removed."""
input RemoveReactionInput {
  """Id of the message."""
  messageId: ID!

  """The word or emoji."""
  type: String!
}

"""Which key is revoked."""
input RevokeKeyInput {
  """Id of the key, the \`kid\` of its tokens."""
  keyId: ID!
}

"""Which tokens are refused from now on."""
input RevokeTokensInput {
  """Default: now."""
  issuedBefore: DateTime

  """
  The user whose tokens are revoked. Default: every user and every server token of the app, including the one in use.
  """
  userId: ID
}

"""A message. It holds a text or at least one attachment."""
input SendMessageInput {
  """Files and links, up to 30, together up to 64 KiB as JSON."""
  attachments: [AttachmentInput!]

  """Id of the channel."""
  channelId: ID!

  """Data of your own, a JSON object of up to 5 KiB."""
  custom: JSONObject

  """
  A UUID that makes a retry safe: the same id is stored once. Without it a retry may send twice.
  """
  id: ID

  """
  Ids of the users whom it mentions, up to 30, whose unread mentions it counts in.
  """
  mentionedUserIds: [ID!]

  """
  Root of the thread that it replies in; without it, it stands in the timeline.
  """
  parentId: ID

  """Id of a message of the channel that it quotes."""
  quotedId: ID

  """
  Up to 10,000 characters, counted as UTF-16 code units: most emoji are two or more.
  """
  text: String
}

"""
A position in a channel's log: 1, 2, 3, … dense, no holes. A JSON number, whole and below 2^53.
"""
scalar Seq @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc7493#section-2.2")

"""Which websites may use tokens of the app."""
input SetAllowedOriginsInput {
  """
  Up to 100, as browsers send them, for example "https://app.example.com"; an empty list allows all.
  """
  origins: [String!]!
}

"""Whether the viewer is typing."""
input SetTypingInput {
  """Id of the channel: its type, a colon, its key."""
  channelId: ID!

  """Root of the thread in which it is typed; without it, the timeline."""
  parentId: ID

  """True every few seconds while the viewer types; false when it stopped."""
  typing: Boolean!
}

"""Up or down."""
enum SortDirection {
  """Smallest, oldest or first of the alphabet first."""
  ASC

  """Largest, newest or last of the alphabet first."""
  DESC
}

"""A condition on a text."""
input StringFilter {
  """
  Holds this text, whatever the case and the accents: \`jose\` finds \`José\`.
  """
  contains: String

  """Equal to this."""
  eq: String

  """Equal to one of these, at most 100."""
  in: [String!]

  """Begins with this text, whatever the case and the accents."""
  startsWith: String
}

"""
Everything that can be watched, over a WebSocket (graphql-transport-ws) or as an event stream (graphql-sse).
"""
type Subscription {
  """
  Replays what follows \`after\` (or starts at the head without it), then ChannelSynced, then live. With the \`epoch\` that \`after\` is of, a log that was set back in between is answered with ChannelReset.
  """
  channelEvents(
    """
    Position of the last event that you applied: what follows it is sent first.
    """
    after: Seq

    """Id of the channel: its type, a colon, its key."""
    channelId: ID!

    """Epoch of the log that \`after\` is a position in."""
    epoch: String
  ): ChannelEvent!

  """
  Changes that concern the viewer outside the channels being watched. Begins with the absolute state of every channel that changed since \`after\`, or of all channels when the log was set back since then.
  """
  inbox(
    """\`cursor\` of the newest event that you applied."""
    after: String
  ): InboxEvent!

  """Presence of up to 200 users. Begins with the current state of each."""
  presence(
    """Ids of the users, up to 200."""
    userIds: [ID!]!
  ): PresenceChanged!

  """
  Like \`presence\`, but changes at about the same time come in one list: a thousand users who come online give a few results instead of a thousand.
  """
  presenceChanges(
    """Ids of the users, up to 200."""
    userIds: [ID!]!
  ): [PresenceChanged!]!
}

"""Somebody began to type, or stopped. Not part of the log."""
type TypingChanged implements ChannelEvent {
  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """Root of the thread in which it is typed; null for the timeline."""
  parentId: ID

  """Whether the user types now. It ends by itself after 7 s."""
  typing: Boolean!

  """Who types."""
  user: User!
}

"""Unread numbers of the viewer over all its channels."""
type UnreadChanged implements InboxEvent {
  """When it happened."""
  at: DateTime!

  """Pass the newest one as \`after\` on the next connection."""
  cursor: String!

  """Number of unread messages."""
  totalUnread: Int!

  """Number of channels with unread messages."""
  unreadChannels: Int!
}

"""Unread numbers over all channels of the viewer."""
type UnreadSummary {
  """Number of unread messages."""
  totalUnread: Int!

  """Number of channels with unread messages."""
  unreadChannels: Int!

  """Number of unread messages that mention the viewer."""
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

"""A channel, and what changes of it."""
input UpdateChannelInput {
  """Id of the channel: its type, a colon, its key."""
  channelId: ID!

  """
  Data of your own, a JSON object of up to 5 KiB. It replaces what was there.
  """
  custom: JSONObject

  """Address of a picture, http or https, up to 2,048 bytes."""
  image: String

  """Name that its members see, up to 255 characters."""
  name: String
}

"""The profile of the viewer."""
input UpdateMeInput {
  """
  Data of your own, a JSON object of up to 5 KiB. It replaces what was there.
  """
  custom: JSONObject

  """Address of a picture, http or https, up to 2,048 bytes."""
  image: String

  """Name that others see, up to 255 characters."""
  name: String
}

"""A message, and what changes of it."""
input UpdateMessageInput {
  """
  Files and links, up to 30, together up to 64 KiB as JSON. They replace those that were there.
  """
  attachments: [AttachmentInput!]

  """
  Data of your own, a JSON object of up to 5 KiB. It replaces what was there.
  """
  custom: JSONObject

  """
  Ids of the users whom it mentions, up to 30, whose unread mentions it counts in.
  """
  mentionedUserIds: [ID!]

  """Id of the message."""
  messageId: ID!

  """
  Up to 10,000 characters, counted as UTF-16 code units: most emoji are two or more.
  """
  text: String
}

"""Which users are made or replaced."""
input UpsertUsersInput {
  """1 to 100 users."""
  users: [UserInput!]!
}

"""Somebody who sends and reads."""
type User implements Node {
  """When the user was made."""
  createdAt: DateTime!

  """
  For everybody who may look the user up; empty for the others. Use \`private\` for what others must not read.
  """
  custom: JSONObject!

  """When the user was deleted; null for those who exist."""
  deletedAt: DateTime

  """Id of the user in your app, chosen by you."""
  id: ID!

  """Address of a picture."""
  image: String

  """
  Null for those whose presence the viewer may not see (see AppSettings).
  """
  lastActiveAt: DateTime

  """Name that others see; null when it has none."""
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

  """When the profile changed last."""
  updatedAt: DateTime!
}

"""A page of users."""
type UserConnection {
  """The items, each with its cursor."""
  edges: [UserEdge!]!

  """The items."""
  nodes: [User!]!

  """Whether there are more items, and the cursors to ask for them."""
  pageInfo: PageInfo!
}

"""A user, and its place in the list."""
type UserEdge {
  """Place of the item in the list: pass it as \`after\` or \`before\`."""
  cursor: String!

  """The item."""
  node: User!
}

"""Which users."""
input UserFilter {
  """All of these hold."""
  and: [UserFilter!]

  """Id of the user."""
  id: IdFilter

  """Name of the user."""
  name: StringFilter

  """Whether the user is online."""
  online: Boolean

  """At least one of these holds."""
  or: [UserFilter!]

  """Role of the user in the app."""
  role: StringFilter

  """
  What somebody typed who looks for a person: the name holds it, or the id begins with it, whatever the case and the accents. Up to 255 characters.
  """
  search: String
}

"""A user as your back end knows it."""
input UserInput {
  """
  Data of your own, a JSON object of up to 5 KiB. It replaces what was there.
  """
  custom: JSONObject

  """
  Id of the user in your app: 1 to 255 of letters, digits and \`_ - . @ :\`.
  """
  id: ID!

  """Address of a picture, http or https, up to 2,048 bytes."""
  image: String

  """Name that others see, up to 255 characters."""
  name: String

  """Read by server tokens and the user itself only."""
  private: JSONObject

  """Role in the app: \`user\` (default), \`admin\` or a word of your own."""
  role: String
}

"""One field of the order of users."""
input UserSort {
  """Up or down."""
  direction: SortDirection!

  """The field that orders."""
  field: UserSortField!
}

"""What users can be ordered by."""
enum UserSortField {
  """When the user was made."""
  CREATED_AT

  """The id."""
  ID

  """When the user was last online."""
  LAST_ACTIVE_AT

  """
  The name, without regard to case and accents; the id of a user without one.
  """
  NAME
}

"""
The profile of somebody whom the channel shows changed: its members, of now and before, and who wrote lately. A state, not part of the log: the newest by \`user.updatedAt\` wins. It is sent again to those who come back.
"""
type UserUpdated implements ChannelEvent {
  """When it happened."""
  at: DateTime!

  """Id of the channel."""
  channelId: ID!

  """The user as it is now."""
  user: User!
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
