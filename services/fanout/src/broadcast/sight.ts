import type { Sight } from '@parley/contracts/bus';
import { defaultFieldResolver, type GraphQLFieldResolver } from 'graphql';

const presence = new Map<string, unknown>([
  ['online', false],
  ['lastActiveAt', null],
]);
const details = new Map<string, unknown>([...presence, ['role', 'user'], ['custom', {}]]);

const hiding =
  (hidden: ReadonlyMap<string, unknown>): GraphQLFieldResolver<unknown, unknown> =>
  (source, args, context, info) =>
    info.parentType.name === 'User' && hidden.has(info.fieldName)
      ? hidden.get(info.fieldName)
      : defaultFieldResolver(source, args, context, info);

const resolvers: Readonly<Record<Sight, GraphQLFieldResolver<unknown, unknown>>> = {
  all: defaultFieldResolver,
  'no-presence': hiding(presence),
  names: hiding(details),
};

/** How the fields of an event are read for those who see this much of the users in it. */
export const resolverOf = (sight: Sight): GraphQLFieldResolver<unknown, unknown> => resolvers[sight];
