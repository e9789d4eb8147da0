import type { Clock } from '@parley/service-kit';
import { keyBinding } from '../../domain/key-binding.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import type { Sql } from '../../platform/sql.ts';

/** Finds the secret of a key. */
export interface Keyring {
  /** Null: there is no such key. */
  secretOf(keyId: string): Promise<string | null>;
  /** The same of a key that was read before, without a statement; null otherwise. */
  knownSecretOf(keyId: string): Promise<string | null>;
}

const keyIdPattern = /^[A-Za-z0-9_-]{1,64}$/;
/** That there is no such key may change; the secret of one never does. */
const absentMs = 5_000;
const secretMs = 10 * 60_000;
const remembered = 10_000;

interface Remembered {
  readonly secret: Promise<string | null>;
  readonly until: number;
}

interface KeyringDependencies {
  readonly db: Sql;
  readonly clock: Clock;
  readonly secrets: Pick<SecretBox, 'open'>;
}

/**
 * Remembers each answer, decrypted, also that there is no such key, so that a flood of tokens costs one statement. Whether the key was revoked
 * meanwhile is asked anew with each token, elsewhere.
 */
export function createKeyring({ db, clock, secrets }: KeyringDependencies): Keyring {
  const known = new Map<string, Remembered>();

  const read = async (keyId: string): Promise<string | null> => {
    const [row] = await db.query<{ appId: string; secret: string }>(
      'SELECT app_id AS "appId", secret FROM api_keys WHERE key_id = $1',
      [keyId],
    );
    return row === undefined ? null : secrets.open(row.secret, keyBinding(row.appId, keyId));
  };

  return {
    async secretOf(keyId) {
      if (!keyIdPattern.test(keyId)) return null;
      const now = clock.now();
      const entry = known.get(keyId);
      if (entry !== undefined && entry.until > now) return await entry.secret;
      const secret = read(keyId);
      const remember = (forMs: number) => {
        // Re-inserted, so that the first of the map is the oldest.
        known.delete(keyId);
        known.set(keyId, { secret, until: now + forMs });
      };
      remember(absentMs);
      secret.then(
        (found) => (found === null ? undefined : remember(secretMs)),
        () => known.delete(keyId),
      );
      const [oldest] = known.keys();
      if (known.size > remembered && oldest !== undefined) known.delete(oldest);
      return await secret;
    },
    async knownSecretOf(keyId) {
      const entry = known.get(keyId);
      return entry === undefined || entry.until <= clock.now() ? null : await entry.secret;
    },
  };
}
