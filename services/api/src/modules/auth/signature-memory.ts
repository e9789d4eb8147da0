import { createByteBoundedCache } from '@parley/service-kit';
import { keyIdOf, type SignedClaims, signedClaims } from './token.ts';

/** Knows the tokens whose signatures it has seen to hold; what they claim is checked anew each time, elsewhere. */
export interface SignatureMemory {
  /** @throws unauthenticated unless the token is signed with this secret */
  claimsOf(token: string, secret: string): Promise<SignedClaims>;
  /** The key that the token says it is signed with, read once of a token that is known. @throws unauthenticated */
  keyIdOf(token: string): string;
  /** Whether the signature of this token was seen to hold. */
  has(token: string): boolean;
}

/** Some ten thousand tokens of a usual size; one may be of up to 4,096 characters. */
const maxBytes = 16 * 1024 * 1024;
/** The claims and the secret of one token. */
const entryBytes = 600;

/** A signature that holds for a secret holds for ever, so an operation costs no more than its first one's look at the token. */
export function createSignatureMemory(): SignatureMemory {
  const known = createByteBoundedCache<{
    readonly keyId: string;
    readonly secret: string;
    readonly claims: SignedClaims;
  }>({
    maxBytes,
    bytesOf: () => entryBytes,
  });
  return {
    keyIdOf: (token) => known.get(token)?.keyId ?? keyIdOf(token),
    has: (token) => known.get(token) !== undefined,
    async claimsOf(token, secret) {
      const entry = known.get(token);
      if (entry !== undefined && entry.secret === secret) return entry.claims;
      const claims = await signedClaims(token, secret);
      known.set(token, { keyId: keyIdOf(token), secret, claims });
      return claims;
    },
  };
}
