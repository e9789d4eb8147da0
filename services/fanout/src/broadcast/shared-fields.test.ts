import { sdl } from '@parley/contracts/sdl';
import {
  buildSchema,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
} from 'graphql';
import { expect, test } from 'vitest';
import { someQuota } from '../../test/quota.ts';
import { Documents } from './documents.ts';
import { Selections } from './selection.ts';

const schema = buildSchema(sdl);
const roots = {
  channelEvents: 'channelEvents(channelId: "messaging:a")',
  inbox: 'inbox',
  presence: 'presence(userIds: ["ada"])',
  presenceChanges: 'presenceChanges(userIds: ["ada"])',
};

/** Refused inside events: they differ between the viewers of one event, or no event knows them. */
const queryOnly = [
  'Channel.epoch',
  'Channel.members',
  'Channel.messages',
  'Channel.viewer',
  'Message.ownReactions',
  'Message.replies',
  'User.private',
];
/**
 * The same for everyone who may see the event, and so rendered once for all of them. A field that is new in the schema belongs here only if that is
 * true of it; else it is refused (event-fields.ts).
 */
const shared: { readonly [type: string]: string } = {
  Attachment: 'custom durationMs height id mimeType size thumbnailUrl title type url width',
  Channel: 'createdAt createdBy custom id image key lastMessageAt memberCount name seq type updatedAt',
  ChannelBumped: 'at channelId cursor lastMessage seq unreadCount unreadMentions',
  ChannelDeleted: 'actor at channelId seq',
  ChannelJoined: 'at channel cursor',
  ChannelLeft: 'at channelId cursor reason',
  ChannelReset: 'at channelId epoch seq',
  ChannelSynced: 'at channelId epoch reads seq',
  ChannelUpdated: 'actor at channel channelId seq',
  InboxSynced: 'at cursor epoch',
  InboxUserUpdated: 'at cursor user',
  Member: 'createdAt custom id role user',
  MembersAdded: 'actor at channelId memberCount members seq',
  MembersRemoved: 'actor at channelId memberCount seq userIds',
  Message:
    'attachments channelId createdAt custom deletedAt editedAt id kind mentionedUsers parentId quoted quotedId reactionGroups replyCount seq text user',
  MessageCreated: 'actor at channelId message seq',
  MessageDeleted: 'actor at channelId hard message seq',
  MessageUpdated: 'actor at channelId message seq',
  PresenceChanged: 'lastActiveAt online user userId',
  Reaction: 'createdAt id score type user',
  ReactionAdded: 'actor at channelId message reaction seq',
  ReactionGroup: 'count firstAt lastAt sumScores type',
  ReactionRemoved: 'actor at channelId message reaction seq',
  ReadAdvanced: 'at channelId readSeq userId',
  TypingChanged: 'at channelId parentId typing user',
  UnreadChanged: 'at cursor totalUnread unreadChannels',
  User: 'createdAt custom deletedAt id image lastActiveAt name online role updatedAt',
  UserUpdated: 'at channelId user',
};

interface Place {
  readonly type: GraphQLNamedType;
  /** A document with `_` where a selection of this type goes. */
  readonly document: string;
}

/** Every object type that a subscription can reach, and how. */
function reachable(): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const waiting: Place[] = Object.entries(schema.getSubscriptionType()?.getFields() ?? {}).map(([name, { type }]) => ({
    type: getNamedType(type),
    document: `subscription { ${roots[name as keyof typeof roots]} { _ } }`,
  }));
  for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
    const { type, document } = place;
    if (isAbstractType(type)) {
      for (const one of schema.getPossibleTypes(type))
        waiting.push({ type: one, document: document.replace('_', `... on ${one.name} { _ }`) });
      continue;
    }
    if (!isObjectType(type) || places.has(type.name)) continue;
    places.set(type.name, place);
    for (const field of Object.values(type.getFields())) {
      // Of a user, presence has some fields alone.
      if ([...queryOnly, 'PresenceChanged.user'].includes(`${type.name}.${field.name}`)) continue;
      const inner = getNamedType(field.type);
      if (isCompositeType(inner)) waiting.push({ type: inner, document: document.replace('_', `${field.name} { _ }`) });
    }
  }
  return places;
}

const fields = [...reachable().values()].flatMap(({ type, document }) =>
  (isObjectType(type) ? Object.values(type.getFields()) : []).map((field) => ({
    name: `${type.name}.${field.name}`,
    text: document.replace(
      '_',
      isCompositeType(getNamedType(field.type)) ? `${field.name} { __typename }` : field.name,
    ),
  })),
);

const groupOf = (text: string) => {
  const documents = new Documents(schema);
  const operation = documents.prepare(text, undefined);
  if (operation.kind !== 'subscription') throw new TypeError('not a subscription');
  return new Selections(schema, documents).hold(operation, {}, { quota: someQuota() }).selection.group;
};

test('somebody has decided of every field that an event can hold whether viewers share it', () => {
  const decided = new Set([
    ...queryOnly,
    ...Object.entries(shared).flatMap(([type, names]) => names.split(' ').map((name) => `${type}.${name}`)),
  ]);
  expect(fields.map(({ name }) => name).filter((name) => !decided.has(name))).toEqual([]);
  expect([...decided].filter((name) => !fields.some((field) => field.name === name))).toEqual([]);
});

test.each(fields)(
  '$name is refused if it is of a viewer, and else belongs to one group of all who ask for it',
  ({ name, text }) => {
    if (queryOnly.includes(name)) expect(() => groupOf(text)).toThrow(`${name}; it is not available inside events`);
    else expect(groupOf(text)).toMatch(/ all$/);
  },
);
