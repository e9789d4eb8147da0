import type { Principal } from '@parley/contracts/bus';
import { expect, test } from 'vitest';
import { channelHandlers } from './channel-handlers.ts';

test('whoever is removed while joining starts before the removal, and so comes to hear of it', async () => {
  const principal: Principal = {
    appId: 'app_1',
    keyId: 'key_1',
    scope: 'user',
    userId: 'bob',
    issuedAt: 0,
    expiresAt: Number.MAX_SAFE_INTEGER,
  };
  let head = 7;
  const handlers = channelHandlers({
    sql: { query: async () => [] },
    log: {
      read: async () => ({ head, floor: 0, events: [] }),
      heads: async () => [head],
    },
    auth: {
      actorOf: async () => ({ kind: 'user', appId: 'app_1', userId: 'bob', role: 'user', asServer: false, principal }),
    },
    access: {
      check: async () => {
        const allowed = {
          channelId: 'messaging:room',
          type: 'messaging',
          role: 'member',
          membership: null,
          capabilities: new Set<never>(),
        } as const;
        head += 1;
        return allowed;
      },
    },
  });
  expect(await handlers['channel.join']({ principal, channelId: 'messaging:room', after: null })).toMatchObject({
    head: 7,
  });
});
