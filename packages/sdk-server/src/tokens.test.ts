import { decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { refuseBrowser } from './not-in-browser.ts';
import { mintServerToken, mintUserToken } from './tokens.ts';

const key = { keyId: 'key_1', secret: 'a secret of at least thirty-two bytes' };
const verify = (token: string) => jwtVerify(token, new TextEncoder().encode(key.secret), { algorithms: ['HS256'] });

describe('user tokens', () => {
  test('say who, by which key and until when, and no more', async () => {
    const before = Date.now() / 1_000;
    const token = await mintUserToken(key, 'ada@example.com');
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', kid: 'key_1' });
    const { payload } = await verify(token);
    expect(payload).toEqual({ sub: 'ada@example.com', iat: expect.any(Number), exp: expect.any(Number) });
    expect(payload.iat).toBeGreaterThanOrEqual(before);
    expect(payload.exp).toBe(Math.floor((payload.iat ?? 0) + 3_600));
  });

  test('end when told', async () => {
    const { payload } = await verify(await mintUserToken(key, 'ada', { expiresInSeconds: 60 }));
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeGreaterThan(58.9);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(60);
  });

  test.each([0, -1, 2_592_001, Number.NaN, Number.POSITIVE_INFINITY])(
    'live 1 second to 30 days, not %d s',
    async (expiresInSeconds) => {
      await expect(mintUserToken(key, 'ada', { expiresInSeconds })).rejects.toMatchObject({
        code: 'invalid_input',
        details: { field: 'expiresInSeconds', limit: 2_592_000 },
      });
    },
  );

  test('are for a user id', async () => {
    await expect(mintUserToken(key, 'ada lovelace')).rejects.toMatchObject({ details: { field: 'userId' } });
  });

  test('need a whole key', async () => {
    await expect(mintUserToken({ ...key, secret: '' }, 'ada')).rejects.toMatchObject({ details: { field: 'secret' } });
    await expect(mintUserToken({ ...key, keyId: '' }, 'ada')).rejects.toMatchObject({ details: { field: 'keyId' } });
  });
});

describe('server tokens', () => {
  test('act for nobody, or for a user', async () => {
    expect((await verify(await mintServerToken(key))).payload).toMatchObject({ scope: 'server' });
    expect((await verify(await mintServerToken(key))).payload.sub).toBeUndefined();
    const { payload } = await verify(await mintServerToken(key, { userId: 'ada', expiresInSeconds: 10 }));
    expect(payload).toMatchObject({ scope: 'server', sub: 'ada' });
    await expect(mintServerToken(key, { userId: '' })).rejects.toMatchObject({ details: { field: 'userId' } });
  });
});

test('a browser is refused with the cure, a worker or a server is not', () => {
  expect(() => refuseBrowser({ window: {}, document: {} })).toThrow(
    /^unable to use @parley\/sdk-server in a browser; the secret would be public: mint tokens in your back end/,
  );
  expect(() => refuseBrowser({ window: {} })).not.toThrow();
  expect(() => refuseBrowser()).not.toThrow();
});
