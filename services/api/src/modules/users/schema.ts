import { builder } from '../../graphql/builder.ts';
import { IdFilterInput, SortDirectionEnum, StringFilterInput } from '../../graphql/filter-inputs.ts';
import { UserConnectionRef, UserRef } from './refs.ts';
import type { UserFilter } from './service.ts';

UserRef.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name', { nullable: true }),
    image: t.exposeString('image', { nullable: true }),
    role: t.exposeString('role', { description: "Role in the app: `user`, `admin`, or the tenant's own." }),
    custom: t.expose('custom', { type: 'JSONObject' }),
    online: t.exposeBoolean('online'),
    lastActiveAt: t.expose('lastActiveAt', { type: 'DateTime', nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    deletedAt: t.expose('deletedAt', { type: 'DateTime', nullable: true }),
  }),
});

const UserFilterInput = builder.inputRef<UserFilter>('UserFilter').implement({
  fields: (t) => ({
    and: t.field({ type: [UserFilterInput] }),
    or: t.field({ type: [UserFilterInput] }),
    id: t.field({ type: IdFilterInput }),
    name: t.field({ type: StringFilterInput }),
    role: t.field({ type: StringFilterInput }),
    online: t.boolean(),
  }),
});
const UserSortFieldEnum = builder.enumType('UserSortField', {
  values: ['ID', 'NAME', 'LAST_ACTIVE_AT', 'CREATED_AT'] as const,
});
const UserSortInput = builder.inputType('UserSort', {
  fields: (t) => ({
    field: t.field({ type: UserSortFieldEnum, required: true }),
    direction: t.field({ type: SortDirectionEnum, required: true }),
  }),
});
const UserInput = builder.inputType('UserInput', {
  fields: (t) => ({
    id: t.id({ required: true }),
    name: t.string(),
    image: t.string(),
    role: t.string(),
    custom: t.field({ type: 'JSONObject' }),
  }),
});
const UpsertUsersInput = builder.inputType('UpsertUsersInput', {
  fields: (t) => ({ users: t.field({ type: [UserInput], required: true }) }),
});
const UpdateMeInput = builder.inputType('UpdateMeInput', {
  fields: (t) => ({ name: t.string(), image: t.string(), custom: t.field({ type: 'JSONObject' }) }),
});

builder.queryFields((t) => ({
  me: t.field({ type: UserRef, resolve: (_root, _args, { actor, users }) => users.me(actor) }),
  user: t.field({
    type: UserRef,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { actor, users }) => users.get(actor, id),
  }),
  users: t.field({
    type: UserConnectionRef,
    args: {
      filter: t.arg({ type: UserFilterInput }),
      sort: t.arg({ type: [UserSortInput] }),
      first: t.arg.int(),
      after: t.arg.string(),
    },
    resolve: (_root, query, { actor, users }) => users.search(actor, query),
  }),
}));

builder.mutationFields((t) => ({
  upsertUsers: t.field({
    description: 'Server tokens only. Creates or replaces up to 100 users.',
    type: [UserRef],
    args: { input: t.arg({ type: UpsertUsersInput, required: true }) },
    resolve: (_root, { input }, { actor, users }) => users.upsert(actor, input.users),
  }),
  updateMe: t.field({
    description: 'What is absent stays; null empties.',
    type: UserRef,
    args: { input: t.arg({ type: UpdateMeInput, required: true }) },
    resolve: (_root, { input }, { actor, users }) => users.updateMe(actor, input),
  }),
}));

const DeleteUsersInput = builder.inputType('DeleteUsersInput', {
  fields: (t) => ({ userIds: t.idList({ required: true, description: '1 to 100 of them.' }) }),
});

builder.mutationField('deleteUsers', (t) =>
  t.field({
    description:
      'Server tokens only. Empties the profiles of these users, refuses their tokens and closes their sockets at once; their memberships end within seconds. Their messages stay, with an author who has no name. Upserting a user brings it back, without its memberships.',
    type: [UserRef],
    args: { input: t.arg({ type: DeleteUsersInput, required: true }) },
    resolve: (_root, { input }, { actor, users }) => users.delete(actor, input.userIds),
  }),
);
