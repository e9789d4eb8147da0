import './scalars.ts';
// Each module registers its types when it is imported.
import '../modules/index.ts';
import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import { describeSchema } from './descriptions/describe-schema.ts';

builder.queryType({});
builder.mutationType({});
builder.subscriptionType({});

/** The whole schema, of what the modules said. */
export const createSchema = (): GraphQLSchema => describeSchema(builder.toSchema());
