import { ParleyError } from '@parley/contracts';
import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { deferred } from '../../test/deferred.ts';
import { tokenOf } from '../../test/fake-api.ts';
import { startWorld } from '../../test/world.ts';
import { RefusedTokens } from './refused-tokens.ts';

function looker() {
  const clock = fakeClock();
  const limits = { refusedTokensPerAddressPerMinute: 6, strangersPerAddress: 3 };
  const tokens = new RefusedTokens({ clock, limits, isOwn: (token) => token === 'own' });
  let asked = 0;
  const look = (address: string, token: string) =>
    tokens.look(address, token, async () => {
      asked += 1;
      if (token.startsWith('bad')) throw new ParleyError('unauthenticated', 'unable to authenticate; it is bad');
      return token;
    });
  return { clock, tokens, look, asked: () => asked };
}

test('an address that sends bad tokens is not asked about any more, until some time has passed; others are', async () => {
  const { clock, look, asked } = looker();
  for (let n = 0; n < 6; n += 1)
    await expect(look('one', `bad ${n}`)).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(look('one', 'good')).rejects.toMatchObject({
    code: 'rate_limited',
    details: { limit: 6, retryAfterMs: 10_000 },
  });
  expect(asked()).toBe(6);
  expect(await look('two', 'good')).toBe('good');
  clock.advance(10_000);
  expect(await look('one', 'good')).toBe('good');
});

test('a token that was good lately is looked at from such an address too, until it is refused', async () => {
  const { look } = looker();
  await look('one', 'good');
  for (let n = 0; n < 6; n += 1) await look('one', `bad ${n}`).catch(() => undefined);
  expect(await look('one', 'good')).toBe('good');
  expect(await look('one', 'own')).toBe('own');
});

test('so many wait for an answer at once', async () => {
  const { tokens } = looker();
  const answered = deferred();
  const looks = [1, 2, 3].map((n) => tokens.look('one', `${n}`, () => answered.promise));
  await expect(tokens.look('one', '4', () => answered.promise)).rejects.toMatchObject({ code: 'rate_limited' });
  answered.resolve();
  await Promise.all(looks);
  expect(tokens.size).toBe(0);
});

test('an address is forgotten when its refusals are', async () => {
  const { clock, tokens, look } = looker();
  await look('one', 'bad').catch(() => undefined);
  expect(tokens.size).toBe(1);
  clock.advance(120_000);
  expect([tokens.size, clock.pending]).toEqual([0, 0]);
});

test('sockets and streams of one address with bad tokens soon cost the API nothing; who was in before comes in again', async () => {
  const world = await startWorld({ limits: { refusedTokensPerAddressPerMinute: 4 } });
  const token = tokenOf({ userId: 'ada' });
  const first = await world.raw().init(token);
  const before = world.api.count('session.open');
  const tryStream = async (bearer: string) =>
    (
      await fetch(world.httpUrl, {
        method: 'POST',
        headers: { accept: 'text/event-stream', authorization: `Bearer ${bearer}` },
      })
    ).status;
  const trySocket = async (bad: string) => {
    const client = await world.raw().opened();
    client.send({ type: 'connection_init', payload: { token: bad } });
    return (await client.closed).code;
  };
  for (const n of [1, 2]) {
    expect(await tryStream(`bad-${n}`)).toBe(401);
    expect(await trySocket(`bad-${n}`)).toBe(4403);
  }
  expect(await trySocket('bad')).toBe(4430);
  expect(await tryStream('bad')).toBe(429);
  expect(await trySocket(tokenOf({ userId: 'eve' }))).toBe(4430);
  expect(world.api.count('session.open') - before).toBe(4);
  await first.close();
  await world.raw().init(token);
});
