import type { GraphQLField, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { defaultFieldResolver, getNamedType, isLeafType, isObjectType } from 'graphql';
import type { GraphqlContext } from './context.ts';

/** Leaf types whose values are small whatever they say. */
const small = new Set(['Int', 'Float', 'Boolean', 'Seq', 'DateTime']);

type Resolver = GraphQLFieldResolver<unknown, GraphqlContext>;

/**
 * Makes every field count what it adds to the answer, and the lists of a query load one after the other. Changes the schema and gives it back: a
 * field that is added later is counted as those that are there.
 */
export function meteredSchema(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const inTurn = type === schema.getQueryType();
    for (const field of Object.values(type.getFields())) field.resolve = metered(field, inTurn);
  }
  return schema;
}

function metered(field: GraphQLField<unknown, GraphqlContext>, inTurn: boolean): Resolver {
  const { resolve = defaultFieldResolver } = field;
  const named = getNamedType(field.type);
  if (isLeafType(named)) return small.has(named.name) ? counted(resolve) : weighed(resolve);
  if (!inTurn) return counted(resolve);
  return (source, args, context, info) => {
    context.answer.field(info);
    return context.answer.inTurn(() => resolve(source, args, context, info));
  };
}

const counted =
  (resolve: Resolver): Resolver =>
  (source, args, context, info) => {
    context.answer.field(info);
    return resolve(source, args, context, info);
  };

const weighed =
  (resolve: Resolver): Resolver =>
  (source, args, context, info) => {
    context.answer.field(info);
    const value = resolve(source, args, context, info);
    context.answer.value(value);
    return value;
  };
