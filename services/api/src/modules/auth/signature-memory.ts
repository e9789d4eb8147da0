import { type SignedClaims, signedClaims } from './token.ts';

/** Knows the tokens whose signatures it has seen to hold; what they claim is checked anew each time, elsewhere. */
export interface SignatureMemory {
  /** @throws unauthenticated unless the token is signed with this secret */
  claimsOf(token: string, secret: string): Promise<SignedClaims>;
}

/** Tokens of up to 4,096 characters each, usually some hundred. */
const remembered = 10_000;

/** A signature that holds for a secret holds for ever, so an operation costs no more than its first one's look at the token. */
export function createSignatureMemory(): SignatureMemory {
  const known = new Map<string, { readonly secret: string; readonly claims: SignedClaims }>();
  return {
    async claimsOf(token, secret) {
      const entry = known.get(token);
      if (entry !== undefined && entry.secret === secret) return entry.claims;
      const claims = await signedClaims(token, secret);
      known.set(token, { secret, claims });
      const [oldest] = known.keys();
      if (known.size > remembered && oldest !== undefined) known.delete(oldest);
      return claims;
    },
  };
}
