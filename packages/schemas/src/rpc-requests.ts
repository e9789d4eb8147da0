import { limits } from '@parley/contracts';
import type { GraphqlRequest, Principal, Rpc, RpcMethod } from '@parley/contracts/bus';
import { z } from 'zod';
import { userIds } from './ids.ts';
import { readJsonObject } from './json.ts';
import { dateTime, seq } from './objects.ts';

/** Users and channels that one request may name. */
const most = { channels: 500, apps: 500, presence: 1_000 };
const longestLeaseMs = 10 * 60_000;

export const principal: z.ZodType<Principal> = z.object({
  appId: z.string(),
  keyId: z.string(),
  scope: z.enum(['user', 'server']),
  userId: z.string().nullable(),
  issuedAt: z.number(),
  expiresAt: z.number(),
  signature: z.string().max(64).optional(),
  checkedAt: z.number().optional(),
  sight: z.enum(['all', 'no-presence', 'names']).optional(),
});

/** The body of a GraphQL request. Some clients send null for what they leave out. */
export const graphqlRequest: z.ZodType<GraphqlRequest> = z.object({
  query: maybe(z.string('it must be a text')),
  operationName: maybe(z.string('it must be a text')),
  variables: maybe(readJsonObject),
  extensions: maybe(readJsonObject),
});

function maybe<T>(schema: z.ZodType<T>) {
  return schema.nullish().transform((value) => value ?? undefined);
}

const usersOfNode = z
  .array(z.object({ appId: z.string(), userId: z.string() }))
  .max(most.presence, `at most ${most.presence} users a call; send the rest in further calls`);

const channels = z
  .array(z.object({ appId: z.string(), channelId: z.string() }))
  .max(most.channels, `at most ${most.channels} channels a call; send the rest in further calls`);

const appIds = z.array(z.string()).max(most.apps, `at most ${most.apps} apps a call; send the rest in further calls`);

/** Parses the request of each method; of one that carries many questions, one question. */
export const rpcRequests: { readonly [Method in RpcMethod]: z.ZodType<Rpc[Method]['request']> } = {
  'session.open': z.object({ token: z.string(), origin: z.string().nullable() }),
  'session.check': z.object({ principal, origin: z.string().nullable() }),
  'channel.join': z.object({ principal, channelId: z.string(), after: seq.optional() }),
  'channel.events': z.object({ appId: z.string(), channelId: z.string(), after: seq, limit: z.int().min(1) }),
  'channel.heads': z.object({ channels }),
  'channel.recentReads': z.object({ channels, since: dateTime.nullable() }),
  'channel.reads': z.object({ appId: z.string(), channelId: z.string() }),
  'channel.authorize': z.object({ principal, channelId: z.string() }),
  'inbox.open': z.object({ principal, after: z.string().nullable(), page: z.string().nullable() }),
  'inbox.recent': z.object({
    nodeId: z.string(),
    appIds,
    since: dateTime.nullable(),
    page: z.string().nullable(),
  }),
  'users.recent': z.object({
    nodeId: z.string(),
    apps: z
      .array(z.object({ appId: z.string(), since: dateTime.nullable() }))
      .max(most.apps, `at most ${most.apps} apps a call; send the rest in further calls`),
    page: z.string().nullable(),
  }),
  'users.read': z.object({ appId: z.string(), userIds: z.array(z.string()).max(limits.usersOfEvents) }),
  'access.recent': z.object({ appIds, since: dateTime.nullable() }),
  'presence.read': z.object({ principal, userIds: userIds(limits.presenceUserIds) }),
  'presence.renew': z.object({
    nodeId: z.string(),
    ttlMs: z.number().positive().max(longestLeaseMs, `a lease lasts up to ${longestLeaseMs} ms; renew it`),
    users: usersOfNode,
  }),
  'presence.release': z.object({ nodeId: z.string(), users: usersOfNode }),
  'health.ping': z.object({}),
  'graphql.execute': z.object({ principal, operation: graphqlRequest, requestId: z.string() }),
};
