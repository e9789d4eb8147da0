import { DataSource } from 'typeorm';
import { migrationNames, migrations } from '../migrations/index.ts';
import { databaseFault } from './database-fault.ts';

/** Any number that nobody else locks in this database. */
const lockKey = 7_270_201;

/** Brings the database to the newest schema, or by these migrations alone. Nodes that start together take turns. @throws unavailable */
export async function migrate(url: string, only: readonly string[] = migrationNames): Promise<void> {
  // Not the pool of the API: its statements may take seconds at most, and a migration may take longer.
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations: migrations.filter((_, index) => only.includes(migrationNames[index] ?? '')),
    migrationsTableName: 'parley_migrations',
    installExtensions: false,
    poolSize: 2,
    extra: { connectionTimeoutMillis: 3_000, application_name: 'parley-migrate' },
  });
  try {
    await dataSource.initialize();
    const runner = dataSource.createQueryRunner();
    try {
      await runner.query('SELECT pg_advisory_lock($1)', [lockKey]);
      await dataSource.runMigrations({ transaction: 'all' });
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [lockKey]).catch(() => undefined);
      await runner.release();
    }
  } catch (error) {
    throw databaseFault(error);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}
