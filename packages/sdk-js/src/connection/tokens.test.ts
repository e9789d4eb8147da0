import { fakeClock } from '@parley/testkit';
import { expect, test, vi } from 'vitest';
import { tokenOf } from '../../test/world.ts';
import { claimsOf, createTokens, renewalDelay } from './tokens.ts';

const now = Date.UTC(2026, 0, 1);
const seconds = now / 1000;

test('reads who and until when, also in other scripts', () => {
  expect(claimsOf(tokenOf({ sub: 'ada', exp: 10, iat: 5 }))).toEqual({ userId: 'ada', expiresAt: 10, issuedAt: 5 });
  const payload = btoa(String.fromCharCode(...new TextEncoder().encode('{"sub":"zoë"}'))).replaceAll('=', '');
  expect(claimsOf(`a.${payload}.c`).userId).toBe('zoë');
});

test.each(['', 'x', 'a.b.c', 'a..c', '...'])('makes nothing of %j', (token) => {
  expect(claimsOf(token)).toEqual({ userId: null, expiresAt: null, issuedAt: null });
});

test('renews 60 s ahead, or a fifth of a short life', () => {
  const claims = (life: number) => ({ userId: 'ada', issuedAt: seconds, expiresAt: seconds + life });
  expect(renewalDelay(claims(3_600), now)).toBe(3_540_000);
  expect(renewalDelay(claims(10), now)).toBe(8_000);
  expect(renewalDelay({ userId: 'ada', issuedAt: null, expiresAt: null }, now)).toBeNull();
});

test('a token that is over by our clock but was accepted is renewed after half of its life', () => {
  expect(renewalDelay({ userId: 'ada', issuedAt: seconds - 7_200, expiresAt: seconds - 3_600 }, now)).toBe(1_800_000);
  expect(renewalDelay({ userId: 'ada', issuedAt: null, expiresAt: seconds - 3_600 }, now)).toBe(5_000);
});

test('callers at the same time share one getToken', async () => {
  const getToken = vi.fn(async () => tokenOf({ sub: 'ada' }));
  const tokens = createTokens({ getToken, clock: fakeClock(), log: () => {} });
  await Promise.all([tokens.current(), tokens.current(), tokens.renew()]);
  await tokens.current();
  expect(getToken).toHaveBeenCalledTimes(1);
  await tokens.renew();
  expect(getToken).toHaveBeenCalledTimes(2);
});

test('a token in its last seconds is not used any more', async () => {
  const clock = fakeClock(now);
  const getToken = vi.fn(() => tokenOf({ sub: 'ada', exp: seconds + 60 }));
  const tokens = createTokens({ getToken, clock, log: () => {} });
  await tokens.current();
  clock.advance(54_000);
  await tokens.current();
  expect(getToken).toHaveBeenCalledTimes(1);
  clock.advance(2_000);
  await tokens.current();
  expect(getToken).toHaveBeenCalledTimes(2);
});

test('by a clock that is two hours fast a token of one hour is asked for once, not for each request', async () => {
  const clock = fakeClock(now + 7_200_000);
  const getToken = vi.fn(() => tokenOf({ sub: 'ada', iat: seconds, exp: seconds + 3_600 }));
  const tokens = createTokens({ getToken, clock, log: () => {} });
  for (let request = 0; request < 5; request += 1) await tokens.current();
  clock.advance(1_700_000);
  await tokens.current();
  expect(getToken).toHaveBeenCalledTimes(1);
  clock.advance(200_000);
  await tokens.current();
  expect(getToken).toHaveBeenCalledTimes(2);
});

test('a getToken that hangs is given up after 15 s', async () => {
  const clock = fakeClock();
  const tokens = createTokens({ getToken: () => new Promise(() => {}), clock, log: () => {} });
  const outcome = expect(tokens.renew()).rejects.toMatchObject({ code: 'timeout' });
  await clock.advanceAsync(15_000);
  await outcome;
});
