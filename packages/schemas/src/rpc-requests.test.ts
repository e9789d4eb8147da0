import type { Rpc, RpcMethod } from '@parley/contracts/bus';
import { expect, test } from 'vitest';
import { refusal } from '../../contracts/test/refusal.ts';
import { parseWith } from './parse-with.ts';
import { graphqlRequest, rpcRequests } from './rpc-requests.ts';

const principal = { appId: 'app', keyId: 'key', scope: 'user', userId: 'ada', issuedAt: 1, expiresAt: 2 } as const;
const users = [{ appId: 'app', userId: 'ada' }];

const requests: { readonly [Method in RpcMethod]: Rpc[Method]['request'] } = {
  'session.open': { token: 't', origin: null },
  'session.check': { principal, origin: null },
  'channel.join': { principal, channelId: 'team:a' },
  'channel.events': { appId: 'app', channelId: 'team:a', after: 0, limit: 100 },
  'channel.heads': { channels: [{ appId: 'app', channelId: 'team:a' }] },
  'channel.recentReads': {
    channels: [{ appId: 'app', channelId: 'team:a' }],
    since: '2026-01-01T00:00:00.000Z',
  },
  'channel.reads': { appId: 'app', channelId: 'team:a' },
  'channel.authorize': { principal, channelId: 'team:a' },
  'inbox.open': { principal, after: null, page: null },
  'access.recent': { appIds: ['app'], since: null },
  'users.read': { appId: 'app', userIds: ['ada'] },
  'users.recent': { nodeId: 'n', apps: [{ appId: 'app', since: null }], page: null },
  'inbox.recent': { nodeId: 'n', appIds: ['app'], since: null, page: null },
  'presence.read': { principal, userIds: ['ada'] },
  'presence.renew': { nodeId: 'n', ttlMs: 30_000, users },
  'presence.release': { nodeId: 'n', users },
  'health.ping': {},
  'graphql.execute': { principal, operation: { query: '{ me { id } }' }, requestId: 'r' },
};

test('every request is parsed to itself, and to nothing without its parts', () => {
  for (const [method, schema] of Object.entries(rpcRequests)) {
    const request: unknown = Object.entries(requests).find(([name]) => name === method)?.[1];
    expect(schema.parse(request)).toEqual(request);
    // A ping has no parts.
    expect(schema.safeParse({}).success).toBe(method === 'health.ping');
  }
});

test('a request names a bounded number of things', () => {
  const many = (count: number) =>
    Array.from({ length: count }, () => ({ appId: 'app', channelId: 'team:a', userId: 'ada' }));
  expect(rpcRequests['channel.heads'].safeParse({ channels: many(501) }).success).toBe(false);
  expect(rpcRequests['channel.recentReads'].safeParse({ channels: many(501), since: null }).success).toBe(false);
  expect(
    rpcRequests['inbox.recent'].safeParse({
      ...requests['inbox.recent'],
      appIds: many(501).map(({ appId }) => appId),
    }).success,
  ).toBe(false);
  expect(rpcRequests['presence.release'].safeParse({ nodeId: 'n', users: many(1_001) }).success).toBe(false);
  expect(
    rpcRequests['presence.read'].safeParse({ principal, userIds: many(201).map((_, index) => `u${index}`) }).success,
  ).toBe(false);
  expect(rpcRequests['presence.renew'].safeParse({ nodeId: 'n', ttlMs: 1e12, users }).success).toBe(false);
  expect(rpcRequests['channel.events'].safeParse({ ...requests['channel.events'], limit: 0 }).success).toBe(false);
});

test('a GraphQL request may leave out what it wants, also with null', () => {
  expect(
    parseWith(graphqlRequest, { query: '{ me { id } }', variables: null, operationName: null }, 'request'),
  ).toEqual({
    query: '{ me { id } }',
  });
  expect(refusal(() => parseWith(graphqlRequest, { query: 7 }, 'request')).details.field).toBe('request.query');
  expect(refusal(() => parseWith(graphqlRequest, { variables: [] }, 'request')).details.field).toBe(
    'request.variables',
  );
  expect(refusal(() => parseWith(graphqlRequest, [{ query: '{ me }' }], 'request')).details.field).toBe('request');
});
