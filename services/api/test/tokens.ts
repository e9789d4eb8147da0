import { SignJWT } from 'jose';

/** What a test may bend in a token. Times in seconds from now. */
export interface TokenOptions {
  readonly expiresIn?: number;
  readonly issuedAgo?: number;
  readonly scope?: string;
  /** Further claims, which win over the usual ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: { readonly alg?: string; readonly kid?: string };
  readonly secret?: string;
}

export interface SigningKey {
  readonly keyId: string;
  readonly secret: string;
}

/** A token as a tenant's back end makes it; without `userId` it names nobody. */
export function mintToken(key: SigningKey, userId: string | null, options: TokenOptions = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const { expiresIn = 3_600, issuedAgo = 0, scope, claims = {}, header = {}, secret = key.secret } = options;
  return new SignJWT({
    ...(userId === null ? {} : { sub: userId }),
    ...(scope === undefined ? {} : { scope }),
    iat: now - issuedAgo,
    exp: now + expiresIn,
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256', kid: key.keyId, ...header })
    .sign(new TextEncoder().encode(secret));
}
