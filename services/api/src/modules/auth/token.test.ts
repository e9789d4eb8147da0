import { describe, expect, test } from 'vitest';
import { mintToken } from '../../../test/tokens.ts';
import { keyIdOf, verifyToken } from './token.ts';

const key = { keyId: 'key_one', secret: 'a secret of thirty-two bytes or so' };
const now = () => Date.now();
const seconds = (fromNow: number) => Math.floor(Date.now() / 1_000) + fromNow;
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the key of a token', () => {
  test('is the one that its header names', async () => {
    expect(keyIdOf(await mintToken(key, 'ada'))).toBe('key_one');
  });

  test.each([
    ['not a JWT', 'hello', 'is not a JWT'],
    ['half a JWT', 'eyJhbGciOiJIUzI1NiJ9', 'signed with HS256|names no key|is not a JWT'],
    [
      'unsigned',
      `${encoded({ alg: 'none', kid: 'key_one' })}.${encoded({ sub: 'ada' })}.`,
      'must be signed with HS256, not none',
    ],
    [
      'signed otherwise',
      `${encoded({ alg: 'RS256', kid: 'key_one' })}.e30.e30`,
      'must be signed with HS256, not RS256',
    ],
    ['with a made-up algorithm', `${encoded({ alg: '<b>x</b>', kid: 'k' })}.e30.e30`, 'not anything else'],
    ['without kid', `${encoded({ alg: 'HS256' })}.e30.e30`, 'set "kid" in its header'],
    ['with a kid that is no text', `${encoded({ alg: 'HS256', kid: 7 })}.e30.e30`, 'set "kid" in its header'],
    ['endless', 'x'.repeat(5_000), 'longer than 4096 characters'],
  ])('%s is refused', (_name, token, why) => {
    expect(() => keyIdOf(token)).toThrow(new RegExp(`^unable to authenticate; .*(?:${why})`));
  });
});

describe('a token', () => {
  test('says whom it speaks for', async () => {
    const token = await mintToken(key, 'ada', { claims: { exp: 4_000_000_000, iat: 1_000 } });
    expect(await verifyToken(token, key.secret, now())).toEqual({
      scope: 'user',
      userId: 'ada',
      issuedAt: 1_000,
      expiresAt: 4_000_000_000,
    });
    const server = await mintToken(key, null, { scope: 'server' });
    expect(await verifyToken(server, key.secret, now())).toMatchObject({ scope: 'server', userId: null });
    const acting = await mintToken(key, 'ada', { scope: 'server' });
    expect(await verifyToken(acting, key.secret, now())).toMatchObject({ scope: 'server', userId: 'ada' });
  });

  test('from a clock that is a little ahead is accepted', async () => {
    const token = await mintToken(key, 'ada', { claims: { iat: seconds(20), nbf: seconds(20) } });
    expect(await verifyToken(token, key.secret, now())).toMatchObject({ userId: 'ada' });
  });

  test.each([
    ['signed with another secret', { secret: 'another secret, of another key' }, 'the signature of the token is wrong'],
    ['without exp', { claims: { exp: undefined } }, 'the token never expires; give it "exp"'],
    ['past its exp', { expiresIn: -1 }, 'the token expired at 20'],
    ['past its exp by less than the tolerance of clocks', { expiresIn: -5 }, 'the token expired at 20'],
    ['from the future', { claims: { iat: seconds(120) } }, 'issued in the future, at 20'],
    ['not valid yet', { claims: { nbf: seconds(120) } }, 'not valid before 20'],
    [
      'with an exp that is no number',
      { claims: { exp: 'tomorrow' } },
      'the claim "exp" of the token has the wrong type',
    ],
    ['with a sub that is no text', { claims: { sub: 7 } }, 'the claim "sub" of the token has the wrong type'],
    [
      'with a sub that is no user id',
      { claims: { sub: 'ada lovelace' } },
      'the claim "sub" of the token is not a user id',
    ],
    ['of an unknown scope', { scope: 'root' }, 'must be "user" or "server"'],
  ])('%s is refused', async (_name, options, why) => {
    const token = await mintToken(key, 'ada', options);
    await expect(verifyToken(token, key.secret, now())).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining(why),
    });
  });

  test('of a user without sub is refused', async () => {
    await expect(verifyToken(await mintToken(key, null), key.secret, now())).rejects.toThrow('set "sub"');
  });

  test('whose claims were changed is refused', async () => {
    const [header, , signature] = (await mintToken(key, 'ada')).split('.');
    const forged = `${header}.${encoded({ sub: 'bob', exp: seconds(60) })}.${signature}`;
    await expect(verifyToken(forged, key.secret, now())).rejects.toThrow('the signature of the token is wrong');
  });

  test('that expires beyond the calendar is no fault', async () => {
    const token = await mintToken(key, 'ada', { claims: { exp: 1e300, nbf: 1e300 } });
    await expect(verifyToken(token, key.secret, now())).rejects.toThrow('not valid before second 1e+300');
  });
});
