import { invalidInput, parseUserId } from '@parley/contracts';
import { SignJWT } from 'jose';
import { refuseBrowser } from './not-in-browser.ts';

/** An API key: its public id and its secret. */
export interface ApiKey {
  readonly keyId: string;
  readonly secret: string;
}

/** Options of a token. */
export interface TokenOptions {
  /** Seconds from now until the token ends: 1 to 30 days. Default: one hour. */
  readonly expiresInSeconds?: number;
}

/** Options of a server token. */
export interface ServerTokenOptions extends TokenOptions {
  /** Acts as this user, with the rights of a server. */
  readonly userId?: string | undefined;
}

const hourSeconds = 3_600;
const longestSeconds = 30 * 24 * hourSeconds;

/** Makes a token with which one user's browser or app connects. @throws invalid_input, forbidden in a browser */
export async function mintUserToken(key: ApiKey, userId: string, options: TokenOptions = {}): Promise<string> {
  return sign(key, { sub: parseUserId(userId) }, options);
}

/** Makes a token for a back end of your own. Keep it there. @throws invalid_input, forbidden in a browser */
export async function mintServerToken(key: ApiKey, { userId, ...options }: ServerTokenOptions = {}): Promise<string> {
  return sign(key, userId === undefined ? { scope: 'server' } : { scope: 'server', sub: parseUserId(userId) }, options);
}

async function sign(
  key: ApiKey,
  claims: { readonly sub?: string; readonly scope?: 'server' },
  options: TokenOptions,
): Promise<string> {
  refuseBrowser();
  checkKey(key);
  const { expiresInSeconds = hourSeconds } = options;
  if (!(expiresInSeconds >= 1 && expiresInSeconds <= longestSeconds))
    throw invalidInput(
      'expiresInSeconds',
      `it is 1 to ${longestSeconds} (30 days); renew the token before it ends`,
      longestSeconds,
    );
  // With milliseconds: a token that is made right after a revocation counts as newer than it.
  const now = Date.now() / 1_000;
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', kid: key.keyId })
    .setIssuedAt(now)
    .setExpirationTime(Math.floor(now + expiresInSeconds))
    .sign(new TextEncoder().encode(key.secret));
}

/** @throws invalid_input */
export function checkKey({ keyId, secret }: ApiKey): void {
  const cure = 'take it from the API keys of your app';
  if (typeof keyId !== 'string' || keyId === '') throw invalidInput('keyId', `it is missing; ${cure}`);
  if (typeof secret !== 'string' || secret === '') throw invalidInput('secret', `it is missing; ${cure}`);
}
