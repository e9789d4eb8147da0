import { ParleyError, parseUserId } from '@parley/contracts';
import { type Actor, requireServer } from '../../platform/actor.ts';
import type { Db } from '../../platform/db.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import { checkedAppName, checkedOrigins, checkedTime } from './app-input.ts';
import { makeKey, newAppId, newOrganisationId } from './credentials.ts';
import { type ApiKey, type AppKeys, type CreatedKey, type KeyRecord, storedKey } from './keys.ts';
import * as repository from './repository.ts';

export type { ApiKey, CreatedKey, KeyRecord } from './keys.ts';

export type AppEnvironment = 'development' | 'staging' | 'production';

export interface AppRecord {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  readonly environment: AppEnvironment;
  /** Empty: any. */
  readonly allowedOrigins: readonly string[];
}

export interface CreateAppInput {
  readonly name: string;
  readonly environment?: AppEnvironment;
  readonly organisation?: string;
  readonly allowedOrigins?: readonly string[];
}

export interface RevokeTokensInput {
  /** Absent: every user and every server token of the app. */
  readonly userId?: string | null | undefined;
  /** ISO 8601; tokens issued at or before it are refused from now on. Default: now. */
  readonly issuedBefore?: string | null | undefined;
}

export interface AppsService {
  /** An app with its first key. */
  create(input: CreateAppInput): Promise<{ readonly app: AppRecord; readonly key: ApiKey }>;
  /** The caller's app. */
  current(actor: Actor): Promise<AppRecord>;
  find(appId: string): Promise<AppRecord | null>;
  list(): Promise<AppRecord[]>;
  /** As {@link AppKeys.create}. */
  createKey(appId: string, label?: string | null): Promise<ApiKey>;
  /** As {@link AppKeys.withSecrets}. */
  keys(appId: string): Promise<ApiKey[]>;
  /** As {@link AppKeys.revoke}. */
  revokeKey(appId: string, keyId: string): Promise<void>;
  /** @throws not_found, invalid_input */
  setAllowedOrigins(appId: string, origins: readonly string[]): Promise<AppRecord>;
  /** Server tokens only: of the caller's app. @throws forbidden, invalid_input */
  addKey(actor: Actor, input: CreateKeyInput): Promise<CreatedKey>;
  /** Server tokens only: those that were revoked too. @throws forbidden */
  listKeys(actor: Actor): Promise<readonly KeyRecord[]>;
  /** Server tokens only. @throws forbidden, not_found; invalid_input for the app's only key */
  endKey(actor: Actor, keyId: string): Promise<KeyRecord>;
  /** Server tokens only: empty allows any. @throws forbidden */
  allowedOrigins(actor: Actor): Promise<readonly string[]>;
  /** Server tokens only. @throws forbidden, invalid_input */
  changeAllowedOrigins(actor: Actor, origins: readonly string[]): Promise<AppRecord>;
  /** Server tokens only. @throws forbidden, not_found, invalid_input */
  revokeTokens(actor: Actor, input: RevokeTokensInput): Promise<AppRecord>;
}

export interface CreateKeyInput {
  /** Purpose of the key, in the tenant's own words. */
  readonly label?: string | null | undefined;
}

export interface AppsDependencies {
  readonly db: Db;
  readonly publisher: Pick<Publisher, 'revoked' | 'accessChanged'>;
  readonly keys: AppKeys;
  readonly secrets: SecretBox;
}

export function createAppsService({ db, publisher, keys, secrets }: AppsDependencies): AppsService {
  const existing = async (appId: string, action: string): Promise<AppRecord> => {
    const app = await repository.findApp(db, appId);
    if (app === null) throw new ParleyError('not_found', `unable to ${action}; there is no app ${appId}`);
    return app;
  };

  const setAllowedOrigins: AppsService['setAllowedOrigins'] = async (appId, origins) => {
    const app = await existing(appId, 'set the allowed origins');
    const allowedOrigins = checkedOrigins(origins);
    const at = await repository.updateOrigins(db, appId, allowedOrigins);
    if (at !== null) publisher.accessChanged(appId, null, at);
    return { ...app, allowedOrigins };
  };

  return {
    async create({ name, environment = 'development', organisation = 'Default', allowedOrigins = [] }) {
      const app: AppRecord = {
        id: newAppId(),
        organisationId: newOrganisationId(),
        name: checkedAppName(name, 'name'),
        environment,
        allowedOrigins: checkedOrigins(allowedOrigins),
      };
      const key = makeKey(app.id);
      await repository.insertApp(db, {
        app,
        organisation: checkedAppName(organisation, 'organisation'),
        key: storedKey(secrets, key, null),
      });
      return { app, key };
    },
    current: (actor) => existing(actor.appId, 'read the app'),
    find: (appId) => repository.findApp(db, appId),
    list: () => repository.listApps(db),

    async createKey(appId, label) {
      const { key, secret } = await keys.create(appId, label);
      return { appId, keyId: key.id, secret };
    },
    keys: keys.withSecrets,
    revokeKey: async (appId, keyId) => void (await keys.revoke(appId, keyId)),
    setAllowedOrigins,

    async addKey(actor, { label }) {
      requireServer(actor, 'create a key');
      return await keys.create(actor.appId, label ?? null);
    },
    async listKeys(actor) {
      requireServer(actor, 'list the keys');
      return await keys.list(actor.appId);
    },
    async endKey(actor, keyId) {
      requireServer(actor, 'revoke a key');
      return await keys.revoke(actor.appId, keyId);
    },
    async allowedOrigins(actor) {
      requireServer(actor, 'read the allowed origins');
      return (await existing(actor.appId, 'read the allowed origins')).allowedOrigins;
    },
    async changeAllowedOrigins(actor, origins) {
      requireServer(actor, 'set the allowed origins');
      return await setAllowedOrigins(actor.appId, origins);
    },

    async revokeTokens(actor, { userId, issuedBefore }) {
      requireServer(actor, 'revoke tokens');
      const { appId } = actor;
      const until = checkedTime(issuedBefore ?? null, 'issuedBefore');
      const app = await existing(appId, 'revoke tokens');
      const scope = userId === null || userId === undefined ? { keyId: null } : { userId: parseUserId(userId) };
      const revoked = await repository.revokeTokens(db, appId, 'userId' in scope ? scope.userId : null, until);
      publisher.revoked(appId, scope, revoked);
      return app;
    },
  };
}
