import { defaultAppSettings } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import { expect, test } from 'vitest';
import { channelHandlers } from './rpc.ts';

test('whoever is removed while joining starts before the removal, and so comes to hear of it', async () => {
  const principal: Principal = {
    appId: 'app_1',
    keyId: 'key_1',
    scope: 'user',
    userId: 'bob',
    issuedAt: 0,
    expiresAt: Number.MAX_SAFE_INTEGER,
  };
  // A statement sees one moment; the next one sees the log further on.
  let head = 7;
  const statements: string[] = [];
  const handlers = channelHandlers({
    sql: {
      query: async <Row>(text: string) => {
        statements.push(text);
        const rows = [{ type: 'messaging', role: 'member', epoch: 'one', head, floor: 0 }];
        head += 1;
        return rows as Row[];
      },
    },
    log: { heads: async () => ({ epoch: 'one', heads: [head] }) },
    auth: {
      actorsOf: async () => [
        {
          kind: 'user',
          appId: 'app_1',
          userId: 'bob',
          role: 'user',
          asServer: false,
          principal,
          settings: defaultAppSettings,
        },
      ],
    },
  });
  expect(await handlers['channel.join']([{ principal, channelId: 'messaging:room' }])).toEqual([
    { epoch: 'one', head: 7, floor: 0 },
  ]);
  expect(statements).toHaveLength(1);
});
