import { isUserId, limits, ParleyError } from '@parley/contracts';
import { JsonRefusal, parseJson } from '@parley/service-kit';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { z } from 'zod';

/** What a token claims, once its signature holds. Times in epoch seconds. */
export interface TokenClaims {
  readonly scope: 'user' | 'server';
  readonly userId: string | null;
  readonly issuedAt: number | null;
  readonly expiresAt: number;
}

/** A refusal that says why. */
export const refused = (why: string) => new ParleyError('unauthenticated', `unable to authenticate; ${why}`);

const seconds = z.number().finite().nonnegative();
const claimsSchema = z.object({
  sub: z.string().optional(),
  scope: z.string().optional(),
  exp: seconds.optional(),
  iat: seconds.optional(),
  nbf: seconds.optional(),
});

/** Far more than any token of ours; what is longer is not looked at. */
const tokenLength = 4_096;

/** The key that the token says it is signed with. Nothing is believed yet. @throws unauthenticated */
export function keyIdOf(token: string): string {
  if (token.length > tokenLength) throw refused(`the token is longer than ${tokenLength} characters`);
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    throw refused('the token is not a JWT');
  }
  if (header.alg !== 'HS256') throw refused(`the token must be signed with HS256, not ${printable(header.alg)}`);
  if (typeof header.kid !== 'string' || header.kid === '')
    throw refused('the token names no key; set "kid" in its header to the id of an API key');
  return header.kid;
}

/** What a token says of itself, unchecked but for its signature. */
export type SignedClaims = z.infer<typeof claimsSchema>;

/** What the token claims, if it is signed with this secret and valid at `now` (ms since 1970). @throws unauthenticated */
export const verifyToken = async (token: string, secret: string, now: number): Promise<TokenClaims> =>
  checkClaims(await signedClaims(token, secret), now);

/** @throws unauthenticated unless the token is signed with this secret */
export async function signedClaims(token: string, secret: string): Promise<SignedClaims> {
  const payload = await compactVerify(token, new TextEncoder().encode(secret), { algorithms: ['HS256'] }).then(
    (verified) => verified.payload,
    () => {
      throw refused('the signature of the token is wrong');
    },
  );
  return claimsOf(payload);
}

function claimsOf(payload: Uint8Array): z.infer<typeof claimsSchema> {
  let json: unknown;
  try {
    json = parseJson(new TextDecoder().decode(payload));
  } catch (error) {
    if (error instanceof JsonRefusal) throw refused(`the claims of the token cannot be read; ${error.message}`);
    throw refused('the claims of the token are not JSON');
  }
  const claims = claimsSchema.safeParse(json);
  if (claims.success) return claims.data;
  throw refused(`the claim "${String(claims.error.issues[0]?.path[0] ?? 'payload')}" of the token has the wrong type`);
}

/** What the claims come to at this time (ms since 1970). @throws unauthenticated */
export function checkClaims({ sub, scope, exp, iat, nbf }: SignedClaims, at: number): TokenClaims {
  const now = at / 1_000;
  const tolerated = now + limits.tokenClockToleranceSeconds;
  if (exp === undefined) throw refused('the token never expires; give it "exp"');
  if (exp <= now) throw refused(`the token expired at ${timeOf(exp)}`);
  if (nbf !== undefined && nbf > tolerated) throw refused(`the token is not valid before ${timeOf(nbf)}`);
  if (iat !== undefined && iat > tolerated) throw refused(`the token was issued in the future, at ${timeOf(iat)}`);
  if (scope !== undefined && scope !== 'server' && scope !== 'user')
    throw refused('the claim "scope" of the token must be "user" or "server"');
  const server = scope === 'server';
  if (sub === undefined && !server) throw refused('the token names no user; set "sub" to the id of one');
  if (sub !== undefined && !isUserId(sub))
    throw refused(`the claim "sub" of the token is not a user id: 1 to ${limits.userId} of A-Z a-z 0-9 @ _ . : -`);
  return { scope: server ? 'server' : 'user', userId: sub ?? null, issuedAt: iat ?? null, expiresAt: exp };
}

/** The end of the calendar, in seconds; what lies beyond has no date. */
const lastSecond = 8.64e12;
const timeOf = (epochSeconds: number): string =>
  epochSeconds > lastSecond ? `second ${epochSeconds}` : new Date(epochSeconds * 1_000).toISOString();

const printable = (value: unknown): string =>
  typeof value === 'string' && /^[\w-]{1,20}$/.test(value) ? value : 'anything else';
