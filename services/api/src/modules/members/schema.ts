import { type MembersAdded, type MembersRemoved, memberIdOf } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { pageSize } from '../../platform/page.ts';
import { ChannelRef, logged } from '../channels/refs.ts';
import { UserRef } from '../users/refs.ts';
import { MemberConnectionRef, MemberRef } from './refs.ts';

MemberRef.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ channelId, user }) => memberIdOf(channelId, user.id) }),
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
      description: '`owner`, `moderator` or `member` (default). Only an owner may give another role than `member`.',
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
      'Up to 100 a call. Existing members stay members; a given role or custom data replaces the stored value. Every user may join a channel of an open type, and every member of a direct conversation may add back those who left it.',
    type: ChannelRef,
    args: { input: t.arg({ type: AddMembersInput, required: true }) },
    resolve: (_root, { input }, { actor, members }) => members.add(actor, input),
  }),
  removeMembers: t.field({
    description: 'Up to 100 a call. A user who removes only itself leaves the channel.',
    type: ChannelRef,
    args: { input: t.arg({ type: RemoveMembersInput, required: true }) },
    resolve: (_root, { input }, { actor, members }) => members.remove(actor, input),
  }),
}));

builder.objectRef<MembersAdded>('MembersAdded').implement({
  interfaces: logged,
  fields: (t) => ({
    members: t.field({
      type: [MemberRef],
      resolve: ({ channelId, members }) => members.map((member) => ({ ...member, channelId })),
    }),
    memberCount: t.exposeInt('memberCount'),
  }),
});
builder.objectRef<MembersRemoved>('MembersRemoved').implement({
  interfaces: logged,
  fields: (t) => ({
    userIds: t.idList({ resolve: ({ userIds }) => [...userIds] }),
    memberCount: t.exposeInt('memberCount'),
  }),
});
