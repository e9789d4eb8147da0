import type { JsonObject, User } from '@parley/contracts';
import { mayReadPrivate, seesPresence } from '../../domain/visibility.ts';
import { builder } from '../../graphql/builder.ts';
import type { GraphqlContext } from '../../graphql/context.ts';
import { IdFilterInput, SortDirectionEnum, StringFilterInput } from '../../graphql/filter-inputs.ts';
import { NodeRef } from '../../graphql/node.ts';
import { viewerOf } from '../../platform/actor.ts';
import { UserConnectionRef, UserRef } from './refs.ts';
import type { UserFilter } from './service.ts';

/** At once where no look-up is needed, which is nearly always. */
const shown = <T>(visible: boolean | Promise<boolean>, value: T, otherwise: T): T | Promise<T> => {
  if (typeof visible !== 'boolean') return visible.then((yes) => (yes ? value : otherwise));
  return visible ? value : otherwise;
};

const presenceShows = (user: User, { actor, loaders }: GraphqlContext): boolean | Promise<boolean> =>
  user.id === viewerOf(actor) || (seesPresence(actor) && loaders.sees(user.id));

UserRef.implement({
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name', { nullable: true }),
    image: t.exposeString('image', { nullable: true }),
    role: t.string({
      description:
        'Role in the app: `user`, `admin`, or a role of your own. Users whom the viewer may not look up show as `user` (see AppSettings).',
      resolve: (user, _args, { loaders }) => shown(loaders.sees(user.id), user.role, 'user'),
    }),
    custom: t.field({
      type: 'JSONObject',
      description:
        'For everybody who may look the user up; empty for the others. Use `private` for what others must not read.',
      resolve: (user, _args, { loaders }) => shown<JsonObject>(loaders.sees(user.id), user.custom, {}),
    }),
    private: t.field({
      type: 'JSONObject',
      nullable: true,
      description:
        'For server tokens, which write it, and for the user itself; null for everybody else. Not available inside events.',
      resolve: ({ id }, _args, { actor, loaders }) => (mayReadPrivate(actor, id) ? loaders.privateData(id) : null),
    }),
    online: t.boolean({
      description: 'False for those whose presence the viewer may not see (see AppSettings).',
      resolve: (user, _args, context) => shown(presenceShows(user, context), user.online, false),
    }),
    lastActiveAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Null for those whose presence the viewer may not see (see AppSettings).',
      resolve: (user, _args, context) => shown(presenceShows(user, context), user.lastActiveAt, null),
    }),
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
    search: t.string({
      description:
        'What somebody typed who looks for a person: the name holds it, or the id begins with it, whatever the case and the accents. Up to 255 characters.',
    }),
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
    private: t.field({ type: 'JSONObject', description: 'Read by server tokens and the user itself only.' }),
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
    description: 'The user, or null when it does not exist or the viewer may not look it up (see AppSettings).',
    type: UserRef,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { actor, users }) => users.get(actor, id),
  }),
  users: t.field({
    description:
      'Users whom the viewer may look up (see AppSettings). Where presence is not visible, `online` in the filter and LAST_ACTIVE_AT in the sort are refused.',
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
    description: 'Omitted fields are unchanged; null clears.',
    type: UserRef,
    args: { input: t.arg({ type: UpdateMeInput, required: true }) },
    resolve: (_root, { input }, { actor, users }) => users.updateMe(actor, input),
  }),
}));

const DeleteUsersInput = builder.inputType('DeleteUsersInput', {
  fields: (t) => ({ userIds: t.idList({ required: true, description: '1 to 100 ids.' }) }),
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
