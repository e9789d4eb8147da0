import { createMemoryBus, type Logger } from '@parley/service-kit';
import { type AppsService, createAppsService } from './modules/apps/service.ts';
import { openDb } from './platform/db.ts';
import { migrate } from './platform/migrate.ts';
import { createPublisher } from './platform/publisher.ts';

export { envSchema } from './env.ts';
export type { ApiKey, AppEnvironment, AppRecord, AppsService, CreateAppInput } from './modules/apps/service.ts';

export interface AdministrationOptions {
  /** Connection string of PostgreSQL. */
  readonly databaseUrl: string;
  readonly logger: Logger;
  /** Accept a database that could lose what it acknowledged. */
  readonly testMode?: boolean;
}

/** What is done to a platform from outside of its nodes. It runs no jobs: without the bus those would publish to nobody. */
export interface Administration {
  readonly apps: AppsService;
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
}: AdministrationOptions): Promise<Administration> {
  await migrate(databaseUrl);
  const db = await openDb({ url: databaseUrl, logger, poolSize: 2, testMode });
  const bus = createMemoryBus({ logger });
  return {
    apps: createAppsService({ db, publisher: createPublisher({ bus }) }),
    async close() {
      await db.close();
      await bus.close();
    },
  };
}
