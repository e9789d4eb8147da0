import { ParleyError } from '@parley/contracts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { isRecord, parseJson } from '../lib/json.ts';
import type { Log } from '../lib/log.ts';
import { asParleyError } from '../operations/graphql-error.ts';

/** The claims of a token that the SDK reads, unverified: the server decides. Times in epoch seconds. */
export interface TokenClaims {
  readonly userId: string | null;
  readonly expiresAt: number | null;
  readonly issuedAt: number | null;
}

export interface Tokens {
  /** Whether another token can be had. */
  readonly renewable: boolean;
  /** Whom every token must speak for: the owner that was named, else that of the first token; null before there is one, and for nobody. */
  readonly userId: string | null;
  /** Of the newest token; null before the first. */
  readonly claims: TokenClaims | null;
  /** The newest token while it is good for some more seconds, else a new one. @throws unauthenticated, wrong_user, disconnected */
  current(): Promise<string>;
  /** A new token; callers at the same time share one. @throws unauthenticated, wrong_user, disconnected */
  renew(): Promise<string>;
}

export interface TokensOptions {
  readonly token?: string | undefined;
  readonly getToken?: (() => string | Promise<string>) | undefined;
  /** The owner of the client, when it was named. */
  readonly userId?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const getTokenMs = 15_000;
const marginMs = 5_000;

export function createTokens({ token, getToken, userId, clock, log }: TokensOptions): Tokens {
  let newest: { readonly token: string; readonly claims: TokenClaims; readonly goodUntil: number } | null = null;
  let pending: Promise<string> | null = null;
  /** Undefined until it is known; null is an owner too: a server token that acts for nobody. */
  let owner: string | null | undefined = userId;

  const accept = (given: unknown): string => {
    if (typeof given !== 'string' || given === '') {
      throw new ParleyError('unauthenticated', 'unable to get a token; getToken must return one as a string');
    }
    const claims = claimsOf(given);
    // Here, because every token passes: that of a socket, a request, a stream, and each renewal.
    if (owner !== undefined && claims.userId !== owner) {
      // The owner has left: what is in hand would still be taken, and would write in their name.
      newest = null;
      throw new ParleyError(
        'wrong_user',
        `unable to use the token of ${named(claims.userId)}; this client is that of ${named(owner)}: make a client for each user`,
      );
    }
    owner = claims.userId;
    newest = { token: given, claims, goodUntil: goodUntil(claims, clock.now()) };
    log('debug', 'a token was given', { expiresAt: claims.expiresAt });
    return given;
  };

  const ask = async (): Promise<string> => {
    if (getToken === undefined) return accept(token);
    try {
      return accept(
        await withDeadline(clock, getTokenMs, 'unable to get a token; getToken took over 15 s', async () => getToken()),
      );
    } catch (error) {
      log('warn', 'getToken failed');
      throw asParleyError(error, 'get a token from getToken');
    }
  };
  const renew = (): Promise<string> => {
    pending ??= ask().finally(() => {
      pending = null;
    });
    return pending;
  };

  return {
    renewable: getToken !== undefined,
    get userId() {
      return owner ?? null;
    },
    get claims() {
      return newest?.claims ?? null;
    },
    renew,
    current() {
      if (newest === null) return renew();
      const good = getToken === undefined || newest.goodUntil > clock.now();
      return good ? Promise.resolve(newest.token) : renew();
    },
  };
}

const named = (userId: string | null): string => (userId === null ? 'nobody' : `user "${userId}"`);

const leastRenewalMs = 5_000;

/**
 * Milliseconds until an accepted token wants renewing: 60 s ahead of its end, or a fifth of its life when that is less. Null: never. A token
 * that was accepted though it is over by our clock says that the clock is wrong; then half of its life is the guess.
 */
export function renewalDelay({ expiresAt, issuedAt }: TokenClaims, now: number): number | null {
  if (expiresAt === null) return null;
  const life = Math.max(0, expiresAt * 1000 - (issuedAt === null ? now : issuedAt * 1000));
  const ahead = expiresAt * 1000 - Math.min(60_000, life / 5) - now;
  return ahead > 0 ? ahead : Math.max(leastRenewalMs, life / 2);
}

/** The moment up to which a token that has just been given is used. One that is over by our clock already says that the clock is wrong, as above; the server refuses it if it is not. */
function goodUntil(claims: TokenClaims, now: number): number {
  if (claims.expiresAt === null) return Number.POSITIVE_INFINITY;
  const end = claims.expiresAt * 1000 - marginMs;
  return end > now ? end : now + (renewalDelay(claims, now) ?? 0);
}

export function claimsOf(token: string): TokenClaims {
  const payload = parseJson(decodeBase64Url(token.split('.')[1] ?? ''));
  const claims = isRecord(payload) ? payload : {};
  const numberAt = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return {
    userId: typeof claims['sub'] === 'string' ? claims['sub'] : null,
    expiresAt: numberAt(claims['exp']),
    issuedAt: numberAt(claims['iat']),
  };
}

function decodeBase64Url(text: string): string {
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
  } catch {
    return '';
  }
}
