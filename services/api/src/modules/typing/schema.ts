import type { TypingChanged } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { ChannelEventRef } from '../channels/refs.ts';
import { UserRef } from '../users/refs.ts';

const SetTypingInput = builder.inputType('SetTypingInput', {
  fields: (t) => ({ channelId: t.id({ required: true }), parentId: t.id(), typing: t.boolean({ required: true }) }),
});

builder.mutationField('setTyping', (t) =>
  t.boolean({
    description: 'Ephemeral. `typing: false` stops it; it also stops by itself after 7 s.',
    args: { input: t.arg({ type: SetTypingInput, required: true }) },
    resolve: (_root, { input }, { actor, typing }) => typing.set(actor, input),
  }),
);

builder.objectRef<TypingChanged>('TypingChanged').implement({
  interfaces: [ChannelEventRef],
  fields: (t) => ({
    user: t.expose('user', { type: UserRef }),
    parentId: t.exposeID('parentId', { nullable: true }),
    typing: t.exposeBoolean('typing'),
  }),
});
