import { defaultAppSettings } from '@parley/contracts';
import { expect, test } from 'vitest';
import type { Actor } from '../platform/actor.ts';
import { createRateLimit } from './rate-limit.ts';

const principal = { appId: 'app', keyId: 'key', scope: 'user', userId: 'eve', issuedAt: 0, expiresAt: 0 } as const;
const user = (userId: string, asServer = false): Actor => ({
  kind: 'user',
  appId: 'app',
  userId,
  role: 'user',
  asServer,
  principal,
  settings: defaultAppSettings,
});
const limit = () => createRateLimit({ userOperationsPerMinute: 10, keyOperationsPerMinute: 100 });
const refusal = expect.objectContaining({ code: 'rate_limited' });

test.each([
  ['that kept the database busy', { databaseMs: 100, bytes: 0 }],
  ['that read and sent much', { databaseMs: 0, bytes: 10 * 256 * 1024 }],
])('an operation %s counts as several, of its user alone', async (_name, cost) => {
  const rates = limit();
  rates.charge(user('eve'), cost);
  await expect(rates.consume(user('eve'))).rejects.toEqual(refusal);
  await rates.consume(user('bob'));
});

test('what takes little counts as one, also on a slow day', async () => {
  const rates = limit();
  for (let at = 0; at < 10; at += 1) {
    await rates.consume(user('eve'));
    rates.charge(user('eve'), { databaseMs: 40, bytes: 1_000 });
  }
  await expect(rates.consume(user('eve'))).rejects.toEqual(refusal);
});

test('a back end is counted by its key, whomever it acts for', async () => {
  const rates = limit();
  rates.charge(user('eve', true), { databaseMs: 100_000, bytes: 0 });
  await rates.consume(user('eve', true));
});
