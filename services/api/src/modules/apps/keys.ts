import { ParleyError } from '@parley/contracts';
import { toError } from '@parley/service-kit';
import { keyBinding } from '../../domain/key-binding.ts';
import type { Db } from '../../platform/db.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import { checkedAppName } from './app-input.ts';
import { makeKey } from './credentials.ts';
import type { KeyRecord, StoredKey } from './repository-keys.ts';
import * as repository from './repository-keys.ts';

export type { KeyRecord } from './repository-keys.ts';

/** The secret is given once, to whoever made the key. */
export interface ApiKey {
  readonly appId: string;
  readonly keyId: string;
  readonly secret: string;
}

export interface CreatedKey {
  readonly key: KeyRecord;
  readonly secret: string;
}

/** The keys of all apps, for who operates the platform: nobody is asked who they are. */
export interface AppKeys {
  /** A further key; the others stay valid, so that both work while back ends change over. @throws not_found, invalid_input */
  create(appId: string, label?: string | null): Promise<CreatedKey>;
  /** Those that were revoked too; never their secrets. */
  list(appId: string): Promise<KeyRecord[]>;
  /** The keys that are not revoked, newest first, with their secrets. */
  withSecrets(appId: string): Promise<ApiKey[]>;
  /**
   * Tokens of the key are refused from now on, and its sockets closed. `last`: also the app's only key, which else is refused.
   * @throws not_found, invalid_input
   */
  revoke(appId: string, keyId: string, options?: { readonly last?: boolean }): Promise<KeyRecord>;
  /**
   * Encrypts anew what is not encrypted with the newest key. Resolves with the count of those that were. Harmless when repeated, or ended in
   * the middle. @throws unavailable when some cannot be read, once the others are done
   */
  reencrypt(): Promise<number>;
  /** @throws unavailable when there are secrets that this node cannot read. Resolves with the count of those that are not encrypted. */
  check(): Promise<number>;
}

/** Sockets of a revoked key are closed whatever their tokens say of their age. */
const endOfTime = '9999-12-31T23:59:59.999Z';
const secretsAtOnce = 500;
const shownCharacters = 4;

/** A key as it is to be stored. */
export const storedKey = (secrets: SecretBox, { appId, keyId, secret }: ApiKey, label: string | null): StoredKey => ({
  appId,
  keyId,
  secret: secrets.seal(secret, keyBinding(appId, keyId)),
  label,
  lastFour: secret.slice(-shownCharacters),
});

export interface AppKeysDependencies {
  readonly db: Db;
  readonly publisher: Pick<Publisher, 'revoked'>;
  readonly secrets: SecretBox;
}

export function createAppKeys({ db, publisher, secrets }: AppKeysDependencies): AppKeys {
  async function* everySecret() {
    for (let after = ''; ; ) {
      const page = await repository.pageSecrets(db, after, secretsAtOnce);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < secretsAtOnce) return;
      after = last.keyId;
    }
  }

  return {
    async create(appId, label = null) {
      const key = makeKey(appId);
      const named = label === null ? null : checkedAppName(label, 'label');
      return { key: await repository.insertKey(db, storedKey(secrets, key, named)), secret: key.secret };
    },
    list: (appId) => repository.listKeys(db, appId),
    async withSecrets(appId) {
      const stored = await repository.storedSecrets(db, appId);
      return stored.map(({ keyId, secret }) => ({
        appId,
        keyId,
        secret: secrets.open(secret, keyBinding(appId, keyId)),
      }));
    },
    async revoke(appId, keyId, { last = false } = {}) {
      const revoked = await repository.revokeKey(db, { appId, keyId, last });
      publisher.revoked(appId, { keyId }, endOfTime);
      return revoked;
    },
    async reencrypt() {
      let count = 0;
      let unreadable: Error | undefined;
      for await (const { appId, keyId, secret } of everySecret()) {
        if (secrets.isCurrent(secret)) continue;
        const bound = keyBinding(appId, keyId);
        let to: string;
        try {
          to = secrets.seal(secrets.open(secret, bound), bound);
        } catch (error) {
          unreadable ??= toError(error);
          continue;
        }
        await repository.replaceSecret(db, { appId, keyId, from: secret, to });
        count += 1;
      }
      if (unreadable !== undefined) throw unreadable;
      return count;
    },
    async check() {
      let plain = 0;
      const missing = new Set<string>();
      for await (const { secret } of everySecret()) {
        const keyId = secrets.keyIdOf(secret);
        if (keyId === null) plain += 1;
        else if (!secrets.keyIds.includes(keyId)) missing.add(keyId);
      }
      if (missing.size === 0) return plain;
      const [first] = missing;
      throw new ParleyError(
        'unavailable',
        `unable to read the secrets of API keys; some are encrypted with the key ${first}, which SECRETS_KEY does not hold: add it there, after the newest, or revoke the keys that nobody can read any more`,
        { field: 'SECRETS_KEY' },
      );
    },
  };
}
