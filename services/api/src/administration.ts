import { createBus, type Logger } from '@parley/service-kit';
import { entities } from './entities.ts';
import { type AppKeys, createAppKeys } from './modules/apps/keys.ts';
import { type AppsService, createAppsService } from './modules/apps/service.ts';
import { openDb } from './platform/db.ts';
import { beginEpoch } from './platform/log-epoch.ts';
import { migrate } from './platform/migrate.ts';
import { createPublisher } from './platform/publisher.ts';
import { createSecretBox } from './platform/secret-box.ts';

export { restoreBackup } from './backup/restore-backup.ts';
export type { BackupOptions, BackupSummary } from './backup/write-backup.ts';
export { writeBackup } from './backup/write-backup.ts';
export { databaseEnvSchema, envSchema } from './env.ts';
export type { AppKeys } from './modules/apps/keys.ts';
export type {
  ApiKey,
  AppEnvironment,
  AppRecord,
  AppsService,
  CreateAppInput,
  KeyRecord,
} from './modules/apps/service.ts';

export interface AdministrationOptions {
  /** Connection string of PostgreSQL. */
  readonly databaseUrl: string;
  readonly logger: Logger;
  /** Accept a database that could lose what it acknowledged. */
  readonly testMode?: boolean;
  /** The bus, which notifies running nodes at once of what they else find in the database within a second. */
  readonly natsUrl?: string | undefined;
  /** As those of the API nodes. */
  readonly secretsKeys?: readonly Buffer[];
}

/** What is done to a platform from outside of its nodes. It runs no jobs: without the bus those would publish to nobody. */
export interface Administration {
  readonly apps: AppsService;
  readonly keys: AppKeys;
  /** Makes every client that knows a position in a log load a snapshot. Resolves with the new epoch. */
  beginEpoch(): Promise<string>;
  /** Harmless when repeated. */
  close(): Promise<void>;
}

/**
 * Connects to the database of a platform, bringing it to the newest schema.
 * @throws unavailable when the database cannot be reached, is too old or may lose commits
 */
export async function openAdministration({
  databaseUrl,
  logger,
  testMode = false,
  natsUrl,
  secretsKeys = [],
}: AdministrationOptions): Promise<Administration> {
  await migrate(databaseUrl);
  const db = await openDb({ url: databaseUrl, logger, poolSize: 2, testMode, entities });
  const bus = await createBus({ natsUrl, name: 'parley-administration', logger });
  const publisher = createPublisher({ bus, epoch: { current: '' } });
  const secrets = createSecretBox(secretsKeys);
  const keys = createAppKeys({ db, publisher, secrets });
  return {
    keys,
    apps: createAppsService({ db, publisher, keys, secrets }),
    beginEpoch: () => beginEpoch(db),
    async close() {
      await db.close();
      await bus.close();
    },
  };
}
