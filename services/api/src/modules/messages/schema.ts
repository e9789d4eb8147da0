import type { MessageCreated, MessageDeleted, MessageUpdated } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { NodeRef } from '../../graphql/node.ts';
import { ChannelRef, logged } from '../channels/refs.ts';
import { ReactionGroupRef, ReactionRef } from '../reactions/refs.ts';
import { UserRef } from '../users/refs.ts';
import { AttachmentRef, MessageConnectionRef, MessageRef } from './refs.ts';

const MessageKindEnum = builder.enumType('MessageKind', { values: ['REGULAR', 'SYSTEM', 'EPHEMERAL'] as const });

AttachmentRef.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    type: t.exposeString('type'),
    url: t.exposeString('url', { nullable: true }),
    title: t.exposeString('title', { nullable: true }),
    mimeType: t.exposeString('mimeType', { nullable: true }),
    size: t.exposeInt('size', { nullable: true, description: 'Bytes.' }),
    width: t.exposeInt('width', { nullable: true, description: 'Pixels.' }),
    height: t.exposeInt('height', { nullable: true, description: 'Pixels.' }),
    durationMs: t.exposeInt('durationMs', { nullable: true }),
    thumbnailUrl: t.exposeString('thumbnailUrl', { nullable: true }),
    custom: t.expose('custom', { type: 'JSONObject' }),
  }),
});

/** Which page of a timeline or a thread. */
const historyArgs = builder.args((t) => ({
  first: t.int(),
  after: t.string(),
  last: t.int(),
  before: t.string(),
  around: t.id(),
  aroundSeq: t.field({ type: 'Seq' }),
}));

MessageRef.implement({
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A UUID chosen by the sender; sending it again is safe.' }),
    channelId: t.exposeID('channelId'),
    seq: t.expose('seq', { type: 'Seq', description: 'Position at which the message was created.' }),
    kind: t.expose('kind', { type: MessageKindEnum }),
    user: t.expose('user', { type: UserRef, nullable: true }),
    text: t.exposeString('text', { description: 'Empty once the message was deleted.' }),
    attachments: t.field({ type: [AttachmentRef], resolve: ({ attachments }) => [...attachments] }),
    mentionedUsers: t.field({ type: [UserRef], resolve: ({ mentionedUsers }) => [...mentionedUsers] }),
    parentId: t.exposeID('parentId', { nullable: true, description: 'Thread root, if this is a reply.' }),
    quotedId: t.id({
      nullable: true,
      description:
        'Id of the message that it quotes, which stays when that one is gone; null once this message was deleted.',
      resolve: ({ quotedId }) => quotedId ?? null,
    }),
    quoted: t.field({
      type: MessageRef,
      nullable: true,
      description:
        'The message that it quotes; null when that one is gone. What a quoted message quotes is not available inside events.',
      // What comes with a message is one level deep.
      resolve: ({ id, quotedId, quoted }, _args, { loaders }) =>
        quoted ?? (quotedId === null || quotedId === undefined ? null : loaders.quoted(id)),
    }),
    replyCount: t.exposeInt('replyCount', {
      description:
        'Number of replies that are not deleted. A change sends no event of the thread root; clients count the MessageCreated and MessageDeleted events of its replies.',
    }),
    reactionGroups: t.field({ type: [ReactionGroupRef], resolve: ({ reactionGroups }) => [...reactionGroups] }),
    ownReactions: t.field({
      description:
        "The viewer's own reactions; null for server tokens without `sub`. Not available inside events: clients count them from ReactionAdded and ReactionRemoved.",
      type: [ReactionRef],
      nullable: true,
      resolve: async ({ id }, _args, { loaders }) => {
        const reactions = await loaders.ownReactions(id);
        return reactions === null ? null : reactions.map((reaction) => ({ ...reaction, messageId: id }));
      },
    }),
    custom: t.expose('custom', { type: 'JSONObject' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    editedAt: t.expose('editedAt', { type: 'DateTime', nullable: true }),
    deletedAt: t.expose('deletedAt', { type: 'DateTime', nullable: true }),
    replies: t.field({
      description:
        'The thread below this message, from old to new; by default the newest 25. Not available inside events.',
      type: MessageConnectionRef,
      nullable: true,
      args: historyArgs,
      resolve: ({ id }, query, { loaders }) => loaders.history('replies', id, query),
    }),
  }),
});

builder.objectField(ChannelRef, 'messages', (t) =>
  t.field({
    description:
      'The timeline without replies, from old to new; by default the newest 25. Not available inside events.',
    type: MessageConnectionRef,
    args: historyArgs,
    resolve: ({ id }, query, { loaders }) => loaders.history('timeline', id, query),
  }),
);

const AttachmentInput = builder.inputType('AttachmentInput', {
  fields: (t) => ({
    type: t.string({ required: true }),
    url: t.string(),
    title: t.string(),
    mimeType: t.string(),
    size: t.int(),
    width: t.int(),
    height: t.int(),
    durationMs: t.int(),
    thumbnailUrl: t.string(),
    custom: t.field({ type: 'JSONObject' }),
  }),
});
const SendMessageInput = builder.inputType('SendMessageInput', {
  fields: (t) => ({
    channelId: t.id({ required: true }),
    id: t.id({
      description: 'A UUID that makes a retry safe: the same id is stored once. Without it a retry may send twice.',
    }),
    text: t.string(),
    attachments: t.field({ type: [AttachmentInput] }),
    mentionedUserIds: t.idList(),
    parentId: t.id(),
    quotedId: t.id(),
    custom: t.field({ type: 'JSONObject' }),
  }),
});
const UpdateMessageInput = builder.inputType('UpdateMessageInput', {
  fields: (t) => ({
    messageId: t.id({ required: true }),
    text: t.string(),
    attachments: t.field({ type: [AttachmentInput] }),
    mentionedUserIds: t.idList(),
    custom: t.field({ type: 'JSONObject' }),
  }),
});
const DeleteMessageInput = builder.inputType('DeleteMessageInput', {
  fields: (t) => ({
    messageId: t.id({ required: true }),
    hard: t.boolean({ description: 'Removes the content everywhere, including the log.' }),
  }),
});

builder.queryField('message', (t) =>
  t.field({
    type: MessageRef,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { actor, messages }) => messages.get(actor, id),
  }),
);

builder.mutationFields((t) => ({
  sendMessage: t.field({
    type: MessageRef,
    args: { input: t.arg({ type: SendMessageInput, required: true }) },
    resolve: (_root, { input }, { actor, messages }) => messages.send(actor, input),
  }),
  updateMessage: t.field({
    description: 'Omitted fields are unchanged.',
    type: MessageRef,
    args: { input: t.arg({ type: UpdateMessageInput, required: true }) },
    resolve: (_root, { input }, { actor, messages }) => messages.update(actor, input),
  }),
  deleteMessage: t.field({
    description: 'Leaves a tombstone without content; with `hard` the message is gone.',
    type: MessageRef,
    args: { input: t.arg({ type: DeleteMessageInput, required: true }) },
    resolve: (_root, { input }, { actor, messages }) => messages.remove(actor, input),
  }),
}));

builder.objectRef<MessageCreated>('MessageCreated').implement({
  interfaces: logged,
  fields: (t) => ({ message: t.expose('message', { type: MessageRef }) }),
});
builder.objectRef<MessageUpdated>('MessageUpdated').implement({
  interfaces: logged,
  fields: (t) => ({ message: t.expose('message', { type: MessageRef }) }),
});
builder.objectRef<MessageDeleted>('MessageDeleted').implement({
  interfaces: logged,
  fields: (t) => ({ message: t.expose('message', { type: MessageRef }), hard: t.exposeBoolean('hard') }),
});
