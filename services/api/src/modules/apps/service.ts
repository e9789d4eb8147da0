import { ParleyError, parseUserId } from '@parley/contracts';
import { type Actor, requireServer } from '../../platform/actor.ts';
import type { Db } from '../../platform/db.ts';
import type { Publisher } from '../../platform/publisher.ts';
import { checkedAppName, checkedOrigins, checkedTime } from './app-input.ts';
import { makeKey, newAppId, newOrganisationId } from './credentials.ts';
import * as repository from './repository.ts';

export type AppEnvironment = 'development' | 'staging' | 'production';

export interface AppRecord {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  readonly environment: string;
  /** Empty: any. */
  readonly allowedOrigins: readonly string[];
}

/** The secret is given once, to whoever made the key. */
export interface ApiKey {
  readonly appId: string;
  readonly keyId: string;
  readonly secret: string;
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
  /** A further key; the others stay valid, so that both work while back ends change over. @throws not_found */
  createKey(appId: string): Promise<ApiKey>;
  /** The keys that are not revoked, newest first. */
  keys(appId: string): Promise<ApiKey[]>;
  /** Tokens of the key are refused from now on, and its sockets closed. @throws not_found */
  revokeKey(appId: string, keyId: string): Promise<void>;
  /** @throws not_found, invalid_input */
  setAllowedOrigins(appId: string, origins: readonly string[]): Promise<AppRecord>;
  /** Server tokens only. @throws forbidden, not_found, invalid_input */
  revokeTokens(actor: Actor, input: RevokeTokensInput): Promise<AppRecord>;
}

/** Sockets of a revoked key are closed whatever their tokens say of their age. */
const endOfTime = '9999-12-31T23:59:59.999Z';

export function createAppsService({ db, publisher }: { readonly db: Db; readonly publisher: Publisher }): AppsService {
  const existing = async (appId: string, action: string): Promise<AppRecord> => {
    const app = await repository.findApp(db, appId);
    if (app === null) throw new ParleyError('not_found', `unable to ${action}; there is no app ${appId}`);
    return app;
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
      await repository.insertApp(db, { app, organisation: checkedAppName(organisation, 'organisation'), key });
      return { app, key };
    },
    current: (actor) => existing(actor.appId, 'read the app'),
    find: (appId) => repository.findApp(db, appId),
    list: () => repository.listApps(db),

    async createKey(appId) {
      await existing(appId, 'make a key');
      const key = makeKey(appId);
      await repository.insertKey(db, key);
      return key;
    },
    keys: (appId) => repository.listKeys(db, appId),

    async revokeKey(appId, keyId) {
      if (!(await repository.revokeKey(db, appId, keyId)))
        throw new ParleyError('not_found', `unable to revoke the key; the app has no valid key ${keyId}`);
      publisher.revoked(appId, { keyId }, endOfTime);
    },

    async setAllowedOrigins(appId, origins) {
      const app = await existing(appId, 'set the allowed origins');
      const allowedOrigins = checkedOrigins(origins);
      await repository.updateOrigins(db, appId, allowedOrigins);
      return { ...app, allowedOrigins };
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
