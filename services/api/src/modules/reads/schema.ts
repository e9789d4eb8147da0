import { readStateIdOf } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { UserRef } from '../users/refs.ts';
import { ReadStateRef } from './refs.ts';

ReadStateRef.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ channelId, user }) => readStateIdOf(channelId, user.id) }),
    user: t.expose('user', { type: UserRef }),
    readSeq: t.expose('readSeq', { type: 'Seq' }),
    readAt: t.expose('readAt', { type: 'DateTime' }),
    unreadCount: t.exposeInt('unreadCount'),
  }),
});

const MarkReadInput = builder.inputType('MarkReadInput', {
  fields: (t) => ({
    channelId: t.id({ required: true }),
    seq: t.field({ type: 'Seq', description: 'Default: the head.' }),
  }),
});

builder.mutationField('markRead', (t) =>
  t.field({
    description: 'Moves the read pointer forward, never past the head of the log. A lower `seq` is ignored.',
    type: ReadStateRef,
    args: { input: t.arg({ type: MarkReadInput, required: true }) },
    resolve: (_root, { input }, { actor, reads }) => reads.mark(actor, input),
  }),
);
