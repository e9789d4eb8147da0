import fc from 'fast-check';
import type { ChannelEventNamed } from '../src/events/channel-events.ts';
import type { InboxEventNamed } from '../src/events/inbox-events.ts';
import type {
  Attachment,
  Channel,
  ChannelEvent,
  InboxEvent,
  JsonObject,
  Member,
  Message,
  Reaction,
  ReactionGroup,
  User,
} from '../src/index.ts';

/** Any object and event that our own services may make. */
export function buildArbitraries() {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 });
  const count = fc.nat({ max: 1_000_000 });
  const seq = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  const at = fc
    .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
    .map((date) => date.toISOString());
  const custom = fc
    .dictionary(text, fc.jsonValue({ maxDepth: 2 }))
    .map((value): JsonObject => JSON.parse(JSON.stringify(value)));
  const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary);

  const user: fc.Arbitrary<User> = fc.record({
    id: text,
    name: orNull(text),
    image: orNull(text),
    role: text,
    custom,
    online: fc.boolean(),
    lastActiveAt: orNull(at),
    createdAt: at,
    updatedAt: at,
    deletedAt: orNull(at),
  });
  const channel: fc.Arbitrary<Channel> = fc.record({
    id: text,
    type: text,
    key: text,
    name: orNull(text),
    image: orNull(text),
    custom,
    createdBy: orNull(user),
    createdAt: at,
    updatedAt: at,
    lastMessageAt: orNull(at),
    seq,
    memberCount: count,
  });
  const member: fc.Arbitrary<Member> = fc.record({ user, role: text, createdAt: at, custom });
  const attachment: fc.Arbitrary<Attachment> = fc.record({
    id: text,
    type: text,
    url: orNull(text),
    title: orNull(text),
    mimeType: orNull(text),
    size: orNull(count),
    width: orNull(count),
    height: orNull(count),
    durationMs: orNull(count),
    thumbnailUrl: orNull(text),
    custom,
  });
  const reaction: fc.Arbitrary<Reaction> = fc.record({ type: text, user, score: count, createdAt: at });
  const reactionGroup: fc.Arbitrary<ReactionGroup> = fc.record({
    type: text,
    count,
    sumScores: count,
    firstAt: at,
    lastAt: at,
  });
  const few = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 2 });
  const messageQuoting = (quoted: fc.Arbitrary<Message | null>): fc.Arbitrary<Message> =>
    fc.record({
      id: fc.uuid(),
      channelId: text,
      seq,
      kind: fc.constantFrom('REGULAR', 'SYSTEM', 'EPHEMERAL'),
      user: orNull(user),
      text,
      attachments: few(attachment),
      mentionedUsers: few(user),
      parentId: orNull(fc.uuid()),
      quotedId: orNull(fc.uuid()),
      quoted,
      replyCount: count,
      reactionGroups: few(reactionGroup),
      ownReactions: orNull(few(reaction)),
      custom,
      createdAt: at,
      editedAt: orNull(at),
      deletedAt: orNull(at),
    });
  const message = messageQuoting(orNull(messageQuoting(fc.constant(null))));

  const named = <Name extends string>(name: Name) => ({ __typename: fc.constant(name), channelId: text, at });
  const logged = <Name extends string>(name: Name) => ({ ...named(name), seq, actor: orNull(user) });
  const readAdvanced = fc.record({ ...named('ReadAdvanced'), userId: text, readSeq: seq });
  const channelEvents: { readonly [Name in ChannelEvent['__typename']]: fc.Arbitrary<ChannelEventNamed<Name>> } = {
    MessageCreated: fc.record({ ...logged('MessageCreated'), message }),
    MessageUpdated: fc.record({ ...logged('MessageUpdated'), message }),
    MessageDeleted: fc.record({ ...logged('MessageDeleted'), message, hard: fc.boolean() }),
    ReactionAdded: fc.record({ ...logged('ReactionAdded'), message, reaction }),
    ReactionRemoved: fc.record({ ...logged('ReactionRemoved'), message, reaction }),
    MembersAdded: fc.record({ ...logged('MembersAdded'), members: few(member), memberCount: count }),
    MembersRemoved: fc.record({ ...logged('MembersRemoved'), userIds: few(text), memberCount: count }),
    ChannelUpdated: fc.record({ ...logged('ChannelUpdated'), channel }),
    ChannelDeleted: fc.record(logged('ChannelDeleted')),
    ReadAdvanced: readAdvanced,
    TypingChanged: fc.record({ ...named('TypingChanged'), user, parentId: orNull(fc.uuid()), typing: fc.boolean() }),
    UserUpdated: fc.record({ ...named('UserUpdated'), user }),
    ChannelSynced: fc.record({ ...named('ChannelSynced'), seq, epoch: fc.string(), reads: few(readAdvanced) }),
    ChannelReset: fc.record({ ...named('ChannelReset'), seq, epoch: fc.string() }),
  };
  const channelEvent: fc.Arbitrary<ChannelEvent> = fc.oneof(...Object.values(channelEvents));

  const inbox = <Name extends string>(name: Name) => ({ __typename: fc.constant(name), at, cursor: text });
  const inboxEvents: { readonly [Name in InboxEvent['__typename']]: fc.Arbitrary<InboxEventNamed<Name>> } = {
    ChannelBumped: fc.record({
      ...inbox('ChannelBumped'),
      channelId: text,
      seq,
      unreadCount: count,
      unreadMentions: count,
      lastMessage: orNull(message),
    }),
    ChannelJoined: fc.record({ ...inbox('ChannelJoined'), channel }),
    ChannelLeft: fc.record({
      ...inbox('ChannelLeft'),
      channelId: text,
      reason: fc.constantFrom('removed', 'left', 'deleted'),
    }),
    UnreadChanged: fc.record({ ...inbox('UnreadChanged'), totalUnread: count, unreadChannels: count }),
    InboxUserUpdated: fc.record({ ...inbox('InboxUserUpdated'), user }),
    InboxSynced: fc.record({ ...inbox('InboxSynced'), epoch: fc.string() }),
  };
  const inboxEvent: fc.Arbitrary<InboxEvent> = fc.oneof(...Object.values(inboxEvents));
  return { user, channel, member, message, reaction, channelEvents, channelEvent, inboxEvents, inboxEvent };
}
