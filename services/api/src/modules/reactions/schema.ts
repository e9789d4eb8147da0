import { type ReactionAdded, type ReactionRemoved, reactionIdOf } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { logged } from '../channels/refs.ts';
import { MessageRef } from '../messages/refs.ts';
import { UserRef } from '../users/refs.ts';
import { ReactionGroupRef, ReactionRef } from './refs.ts';

ReactionRef.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ messageId, user, type }) => reactionIdOf(messageId, user.id, type) }),
    type: t.exposeString('type'),
    user: t.expose('user', { type: UserRef }),
    score: t.exposeInt('score'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});
ReactionGroupRef.implement({
  fields: (t) => ({
    type: t.exposeString('type'),
    count: t.exposeInt('count'),
    sumScores: t.exposeInt('sumScores'),
    firstAt: t.expose('firstAt', { type: 'DateTime' }),
    lastAt: t.expose('lastAt', { type: 'DateTime' }),
  }),
});

const AddReactionInput = builder.inputType('AddReactionInput', {
  fields: (t) => ({
    messageId: t.id({ required: true }),
    type: t.string({ required: true }),
    score: t.int({ description: '1 to 1000; default 1.' }),
    exclusive: t.boolean({ description: "Removes the viewer's other reactions to this message." }),
  }),
});
const RemoveReactionInput = builder.inputType('RemoveReactionInput', {
  fields: (t) => ({ messageId: t.id({ required: true }), type: t.string({ required: true }) }),
});

builder.mutationFields((t) => ({
  addReaction: t.field({
    type: MessageRef,
    args: { input: t.arg({ type: AddReactionInput, required: true }) },
    resolve: (_root, { input }, { actor, reactions }) => reactions.add(actor, input),
  }),
  removeReaction: t.field({
    type: MessageRef,
    args: { input: t.arg({ type: RemoveReactionInput, required: true }) },
    resolve: (_root, { input }, { actor, reactions }) => reactions.remove(actor, input),
  }),
}));

builder.objectRef<ReactionAdded>('ReactionAdded').implement({
  interfaces: logged,
  fields: (t) => ({
    message: t.expose('message', { type: MessageRef }),
    reaction: t.field({
      type: ReactionRef,
      resolve: ({ message, reaction }) => ({ ...reaction, messageId: message.id }),
    }),
  }),
});
builder.objectRef<ReactionRemoved>('ReactionRemoved').implement({
  interfaces: logged,
  fields: (t) => ({
    message: t.expose('message', { type: MessageRef }),
    reaction: t.field({
      type: ReactionRef,
      resolve: ({ message, reaction }) => ({ ...reaction, messageId: message.id }),
    }),
  }),
});
