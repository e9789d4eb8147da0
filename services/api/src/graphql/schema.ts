import './scalars.ts';
import '../modules/apps/keys-schema.ts';
import '../modules/apps/schema.ts';
import '../modules/apps/settings-schema.ts';
import '../modules/channels/event-schema.ts';
import '../modules/channels/schema.ts';
import '../modules/inbox/schema.ts';
import '../modules/members/schema.ts';
import '../modules/messages/schema.ts';
import '../modules/presence/schema.ts';
import '../modules/reactions/schema.ts';
import '../modules/reads/schema.ts';
import '../modules/typing/schema.ts';
import '../modules/users/schema.ts';
import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';

builder.queryType({});
builder.mutationType({});
builder.subscriptionType({});

/** The whole schema, of what the modules said. */
export const createSchema = (): GraphQLSchema => builder.toSchema();
