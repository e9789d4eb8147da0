import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Principal } from '@parley/contracts/bus';

/** Vouches for principals that travel over the bus and come back. */
export interface PrincipalSignatures {
  /** The principal with its signature; null when its key is not known any more. */
  sign(principal: Principal): Promise<Principal | null>;
  /** Whether an API node of this platform made the principal, word for word. */
  verify(principal: Principal): Promise<boolean>;
}

/** As many as a node may have sockets' operations of; one takes some hundred bytes. */
const remembered = 20_000;

/** Distinguishes it from a token, whose signed part never begins so. */
const purpose = 'parley principal 1\n';

/** What is signed: all that is believed. */
const statement = ({ appId, keyId, scope, userId, issuedAt, expiresAt, checkedAt, sight }: Principal): string =>
  JSON.stringify([appId, keyId, scope, userId, issuedAt, expiresAt, checkedAt ?? null, sight ?? null]);

/**
 * A principal is signed with the secret of the key that its token was signed with: the API nodes share those by the database, fan-out nodes and the
 * bus never see them, and who knows one could mint a token for the same app anyway. A signature that held once is remembered, since the operations
 * of a socket all come with the same one.
 */
export function createPrincipalSignatures(secretOf: (keyId: string) => Promise<string | null>): PrincipalSignatures {
  /** Signature → what it is of. */
  const known = new Map<string, string>();

  const signatureOf = async (keyId: string, text: string): Promise<Buffer | null> => {
    const secret = await secretOf(keyId);
    return secret === null ? null : createHmac('sha256', secret).update(purpose).update(text).digest();
  };

  return {
    async sign(principal) {
      const signature = await signatureOf(principal.keyId, statement(principal));
      return signature === null ? null : { ...principal, signature: signature.toString('base64url') };
    },
    async verify(principal) {
      const { signature } = principal;
      if (signature === undefined) return false;
      const text = statement(principal);
      if (known.get(signature) === text) return true;
      const expected = await signatureOf(principal.keyId, text);
      const given = Buffer.from(signature, 'base64url');
      if (expected === null || given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
      known.set(signature, text);
      const [oldest] = known.keys();
      if (known.size > remembered && oldest !== undefined) known.delete(oldest);
      return true;
    },
  };
}
