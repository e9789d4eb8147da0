import type { Sight } from '@parley/contracts/bus';
import { defaultFieldResolver, type GraphQLFieldResolver } from 'graphql';

const presence: Readonly<Record<string, unknown>> = { online: false, lastActiveAt: null };
const details: Readonly<Record<string, unknown>> = { ...presence, role: 'user', custom: {} };

const hiding =
  (hidden: Readonly<Record<string, unknown>>): GraphQLFieldResolver<unknown, unknown> =>
  (source, args, context, info) =>
    info.parentType.name === 'User' && Object.hasOwn(hidden, info.fieldName)
      ? hidden[info.fieldName]
      : defaultFieldResolver(source, args, context, info);

const resolvers: Readonly<Record<Sight, GraphQLFieldResolver<unknown, unknown>>> = {
  all: defaultFieldResolver,
  'no-presence': hiding(presence),
  names: hiding(details),
};

/** How the fields of an event are read for those who see this much of the users in it. */
export const resolverOf = (sight: Sight): GraphQLFieldResolver<unknown, unknown> => resolvers[sight];
