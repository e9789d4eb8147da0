import type { ChannelFilter } from '@parley/contracts';
import { capabilities, channelViewerIdOf } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import {
  CustomFilterInput,
  DateTimeFilterInput,
  IdFilterInput,
  IdSetFilterInput,
  IntFilterInput,
  SortDirectionEnum,
  StringFilterInput,
} from '../../graphql/filter-inputs.ts';
import { NodeRef } from '../../graphql/node.ts';
import { viewerOf } from '../../platform/actor.ts';
import { MemberRef } from '../members/refs.ts';
import { UserRef } from '../users/refs.ts';
import { ChannelConnectionRef, ChannelRef, ChannelViewerRef } from './refs.ts';

ChannelViewerRef.implement({
  fields: (t) => ({
    id: t.id({
      // There is no viewer's side without a viewer.
      resolve: ({ channelId }, _args, { actor }) => channelViewerIdOf(channelId, viewerOf(actor) ?? ''),
    }),
    membership: t.field({
      type: MemberRef,
      nullable: true,
      resolve: ({ channelId, membership }) => (membership === null ? null : { ...membership, channelId }),
    }),
    capabilities: t.stringList({ resolve: (access) => capabilities.filter((name) => access.capabilities.has(name)) }),
    readSeq: t.field({
      type: 'Seq',
      resolve: async ({ channelId }, _args, { loaders }) => (await loaders.unread(channelId)).readSeq,
    }),
    unreadCount: t.int({
      resolve: async ({ channelId }, _args, { loaders }) => (await loaders.unread(channelId)).unreadCount,
    }),
    unreadMentions: t.int({
      resolve: async ({ channelId }, _args, { loaders }) => (await loaders.unread(channelId)).unreadMentions,
    }),
  }),
});

ChannelRef.implement({
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The type, a colon, the key: `messaging:general`.' }),
    type: t.exposeString('type'),
    key: t.exposeString('key'),
    name: t.exposeString('name', { nullable: true }),
    image: t.exposeString('image', { nullable: true }),
    custom: t.expose('custom', { type: 'JSONObject' }),
    createdBy: t.expose('createdBy', { type: UserRef, nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    lastMessageAt: t.expose('lastMessageAt', { type: 'DateTime', nullable: true }),
    seq: t.expose('seq', {
      type: 'Seq',
      description:
        "Head of the channel's log. Taken before the rest of this object was read, so `channelEvents(after: seq)` misses nothing.",
    }),
    epoch: t.string({
      description:
        'Epoch of the log that `seq` is a position in, to be passed with it: `channelEvents(after: seq, epoch: epoch)`. It changes when the database was restored or failed over. Not available inside events.',
      resolve: (_channel, _args, { logEpoch }) => logEpoch,
    }),
    memberCount: t.exposeInt('memberCount'),
    viewer: t.field({
      description:
        "The viewer's own side of the channel. Not available inside events. Null for server tokens without `sub`.",
      type: ChannelViewerRef,
      nullable: true,
      resolve: ({ id }, _args, { actor, loaders }) => (viewerOf(actor) === null ? null : loaders.access(id)),
    }),
  }),
});

const ChannelFilterInput = builder.inputRef<ChannelFilter>('ChannelFilter').implement({
  description: "One filter language for SQL and for the SDK's live lists; the same predicate on both sides.",
  fields: (t) => ({
    and: t.field({ type: [ChannelFilterInput] }),
    or: t.field({ type: [ChannelFilterInput] }),
    not: t.field({ type: ChannelFilterInput }),
    id: t.field({ type: IdFilterInput }),
    type: t.field({ type: StringFilterInput }),
    members: t.field({ type: IdSetFilterInput }),
    createdById: t.field({ type: IdFilterInput }),
    lastMessageAt: t.field({ type: DateTimeFilterInput }),
    memberCount: t.field({ type: IntFilterInput }),
    hasUnread: t.boolean(),
    custom: t.field({ type: [CustomFilterInput] }),
  }),
});
const ChannelSortFieldEnum = builder.enumType('ChannelSortField', {
  values: ['LAST_MESSAGE_AT', 'CREATED_AT', 'UPDATED_AT', 'MEMBER_COUNT', 'UNREAD_COUNT'] as const,
});
const ChannelSortInput = builder.inputType('ChannelSort', {
  fields: (t) => ({
    field: t.field({ type: ChannelSortFieldEnum, required: true }),
    direction: t.field({ type: SortDirectionEnum, required: true }),
  }),
});
const CreateChannelInput = builder.inputType('CreateChannelInput', {
  fields: (t) => ({
    type: t.string({ required: true }),
    key: t.string({
      description:
        'With a server token, the key of the channel. With a user token, the key of a channel that the viewer may read; otherwise the key stands for a channel in a key space of the viewer: the same channel each time, and never that of another user.',
    }),
    name: t.string(),
    image: t.string(),
    custom: t.field({ type: 'JSONObject' }),
    memberIds: t.idList({
      description:
        'The viewer is always one of them, as the owner, or as a member of a direct conversation of several. A user names users whom it may look up.',
    }),
  }),
});
const UpdateChannelInput = builder.inputType('UpdateChannelInput', {
  fields: (t) => ({
    channelId: t.id({ required: true }),
    name: t.string(),
    image: t.string(),
    custom: t.field({ type: 'JSONObject' }),
  }),
});
const DeleteChannelInput = builder.inputType('DeleteChannelInput', {
  fields: (t) => ({ channelId: t.id({ required: true }) }),
});

builder.queryFields((t) => ({
  channel: t.field({
    type: ChannelRef,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { actor, channels }) => channels.get(actor, id),
  }),
  channels: t.field({
    description:
      'Channels that the viewer may read: those of which it is a member, and those of an open type. Default order: LAST_MESSAGE_AT DESC; ties by id.',
    type: ChannelConnectionRef,
    args: {
      filter: t.arg({ type: ChannelFilterInput }),
      sort: t.arg({ type: [ChannelSortInput] }),
      first: t.arg.int(),
      after: t.arg.string(),
    },
    resolve: (_root, query, { actor, channels }) => channels.list(actor, query),
  }),
}));

builder.mutationFields((t) => ({
  createChannel: t.field({
    description:
      'Gets the channel if it exists, else creates it. Without `key` it is a direct conversation: one channel per set of members, in which all of them have the same rights. A user who left it joins again by opening it.',
    type: ChannelRef,
    args: { input: t.arg({ type: CreateChannelInput, required: true }) },
    resolve: (_root, { input }, { actor, channels }) => channels.create(actor, input),
  }),
  updateChannel: t.field({
    description: 'Omitted fields are unchanged; null clears.',
    type: ChannelRef,
    args: { input: t.arg({ type: UpdateChannelInput, required: true }) },
    resolve: (_root, { input }, { actor, channels }) => channels.update(actor, input),
  }),
  deleteChannel: t.field({
    type: ChannelRef,
    args: { input: t.arg({ type: DeleteChannelInput, required: true }) },
    resolve: (_root, { input }, { actor, channels }) => channels.remove(actor, input),
  }),
}));
