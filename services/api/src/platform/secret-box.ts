import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { ParleyError } from '@parley/contracts';

/** Keeps secrets that we have to be able to read again, encrypted at rest. */
export interface SecretBox {
  /**
   * `bound` says what the secret is of: a sealed secret opens only with the same, so that a row's secret is of no use in another row. Without a key the
   * secret is stored as it is.
   */
  seal(secret: string, bound: readonly string[]): string;
  /** @throws unavailable when it was sealed with a key that is not here, for something else, or was tampered with */
  open(stored: string, bound: readonly string[]): string;
  /** Whether it is sealed with the key that seals now. */
  isCurrent(stored: string): boolean;
  /** The id of the key that it needs; null: it is not sealed. */
  keyIdOf(stored: string): string | null;
  /** Ids of the keys that are here; the first seals. */
  readonly keyIds: readonly string[];
}

/** AES-256-GCM as NIST SP 800-38D has it: a nonce of 96 bits that is never used twice with a key, a tag of 128. */
const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const version = 'v1';

/** Distinguishes keys and says nothing of them. */
const idOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 12);

/** One key of 32 bytes in base64, or several that are separated by commas: the first seals, all open. Null: it is neither. */
export function parseSecretsKey(text: string): readonly Buffer[] | null {
  const keys = text.split(',').map((one) => Buffer.from(one.trim(), 'base64'));
  const isWhole = text.split(',').every((one) => /^[A-Za-z0-9+/_-]{43}=?$/.test(one.trim()));
  return isWhole && keys.every((key) => key.length === keyBytes) ? keys : null;
}

export function createSecretBox(keys: readonly Buffer[]): SecretBox {
  const known = new Map(keys.map((key) => [idOf(key), key]));
  const [current] = known;
  const keyIdOf = (stored: string): string | null => {
    const [name, keyId, sealed] = stored.split('.');
    return name === version && keyId !== undefined && sealed !== undefined ? keyId : null;
  };

  return {
    keyIds: [...known.keys()],
    keyIdOf,
    isCurrent: (stored) => keyIdOf(stored) === (current?.[0] ?? null),

    seal(secret, bound) {
      if (current === undefined) return secret;
      const [keyId, key] = current;
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(aadOf(bound));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return `${version}.${keyId}.${Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url')}`;
    },

    open(stored, bound) {
      const keyId = keyIdOf(stored);
      if (keyId === null) return stored;
      const key = known.get(keyId);
      if (key === undefined)
        throw new ParleyError(
          'unavailable',
          `unable to read a secret; it is encrypted with the key ${keyId}, which SECRETS_KEY does not hold`,
          { field: 'SECRETS_KEY' },
        );
      const bytes = Buffer.from(stored.slice(version.length + keyId.length + 2), 'base64url');
      try {
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
          .setAAD(aadOf(bound))
          .setAuthTag(bytes.subarray(-tagBytes));
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString();
      } catch (cause) {
        throw new ParleyError(
          'unavailable',
          'unable to read a secret; it is not of this row, or its row was changed from outside',
          { field: 'SECRETS_KEY', cause },
        );
      }
    },
  };
}

const aadOf = (bound: readonly string[]): Buffer => Buffer.from(JSON.stringify(bound));
