import { type Principal, reservedChannel } from '@parley/contracts/bus';
import { fakeClock } from '@parley/testkit';
import { expect, test, vi } from 'vitest';
import type { AskApi } from '../api-client.ts';
import { answerForCanary, CanaryKey } from './canary-key.ts';

const key = new CanaryKey(fakeClock());
const tenant: Principal = { ...key.principal(), appId: 'app_1', userId: 'ada', scope: 'user' };
// What it answers does not matter where it only has to be asked.
const fromApi = vi.fn<AskApi>(async (): Promise<never> => ({ heads: [7, null] }) as never);
const ask = answerForCanary(fromApi, key);

test('the secret opens, and nothing that is like it', () => {
  expect(key.opens(key.token)).toBe(true);
  for (const other of [
    '',
    key.token.slice(1),
    `${key.token}x`,
    `x${key.token.slice(1)}`,
    new CanaryKey(fakeClock()).token,
  ])
    expect(key.opens(other)).toBe(false);
});

test('what concerns the reserved channel never reaches the API, what concerns a tenant always does', async () => {
  const { channelId } = reservedChannel;
  const principal = await ask('session.open', { token: key.token, origin: null });
  expect(principal).toMatchObject({ appId: reservedChannel.appId, userId: null, scope: 'server' });
  expect(await ask('session.check', { principal, origin: null })).toEqual({});
  expect(await ask('channel.join', { principal, channelId })).toMatchObject({ head: 0 });
  expect(await ask('channel.authorize', { principal, channelId })).toEqual({});
  expect(await ask('channel.reads', reservedChannel)).toEqual({ head: 0, reads: [] });
  expect(fromApi).not.toHaveBeenCalled();

  await ask('session.open', { token: 'a tenant', origin: null });
  // The same name in an app of a tenant is a channel like any other.
  await ask('channel.join', { principal: tenant, channelId });
  await ask('channel.authorize', { principal: tenant, channelId });
  await ask('channel.reads', { appId: 'app_1', channelId });
  expect(fromApi).toHaveBeenCalledTimes(4);
});
