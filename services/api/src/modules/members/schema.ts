import { builder } from '../../graphql/builder.ts';
import { pageSize } from '../../platform/page.ts';
import { ChannelRef } from '../channels/refs.ts';
import { UserRef } from '../users/refs.ts';
import { MemberConnectionRef, MemberRef } from './refs.ts';

MemberRef.implement({
  fields: (t) => ({
    user: t.expose('user', { type: UserRef }),
    role: t.exposeString('role', { description: 'Role in the channel: `owner`, `moderator`, `member`.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    custom: t.expose('custom', { type: 'JSONObject' }),
  }),
});

builder.objectField(ChannelRef, 'members', (t) =>
  t.field({
    description: 'By user id. Not available inside events.',
    type: MemberConnectionRef,
    args: { first: t.arg.int(), after: t.arg.string() },
    resolve: ({ id }, { first, after }, { loaders }) => loaders.members(id, pageSize(first), after ?? null),
  }),
);

const MemberInput = builder.inputType('MemberInput', {
  fields: (t) => ({
    userId: t.id({ required: true }),
    role: t.string({
      description: '`owner`, `moderator` or `member`, which is the default; only an owner gives another one.',
    }),
    custom: t.field({ type: 'JSONObject' }),
  }),
});
const AddMembersInput = builder.inputType('AddMembersInput', {
  fields: (t) => ({ channelId: t.id({ required: true }), members: t.field({ type: [MemberInput], required: true }) }),
});
const RemoveMembersInput = builder.inputType('RemoveMembersInput', {
  fields: (t) => ({ channelId: t.id({ required: true }), userIds: t.idList({ required: true }) }),
});

builder.mutationFields((t) => ({
  addMembers: t.field({
    description:
      'Up to 100 a call. Who is a member already stays one; a role or custom data that is given replaces the stored one. Everybody may add themselves to a channel of an open type, and every member of a direct conversation those who left it.',
    type: ChannelRef,
    args: { input: t.arg({ type: AddMembersInput, required: true }) },
    resolve: (_root, { input }, { actor, members }) => members.add(actor, input),
  }),
  removeMembers: t.field({
    description: 'Up to 100 a call. Removing only oneself is leaving.',
    type: ChannelRef,
    args: { input: t.arg({ type: RemoveMembersInput, required: true }) },
    resolve: (_root, { input }, { actor, members }) => members.remove(actor, input),
  }),
}));
