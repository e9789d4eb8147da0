import { once } from 'node:events';
import type { Logger } from '@parley/service-kit';
import { type ClientBase, Pool } from 'pg';
import { DataSource, type EntitySchema, type Logger as StatementLogger } from 'typeorm';
import { databaseFault } from './database-fault.ts';
import { rowTypes } from './row-types.ts';
import type { Sql } from './sql.ts';

const endMs = 1_000;

interface OpenDataSourceOptions {
  readonly url: string;
  readonly logger: Logger;
  readonly poolSize: number;
  readonly entities: readonly EntitySchema[];
  readonly onStatement: (text: string) => void;
  /** Done on each new connection before anything else. */
  readonly onConnect: (sql: Sql) => Promise<void>;
}

/** TypeORM and plain SQL over one pool. @throws unavailable */
export async function openDataSource({
  url,
  logger,
  poolSize,
  entities,
  onStatement,
  onConnect,
}: OpenDataSourceOptions): Promise<{ dataSource: DataSource; pool: Pool; close: () => Promise<void> }> {
  let closing = false;
  const open = new Set<ClientBase>();
  const config = {
    connectionString: url,
    max: poolSize,
    types: rowTypes,
    // The pool waits for it before it lends the connection, which its types do not say.
    onConnect: async (client: ClientBase) => {
      open.add(client);
      client.once('end', () => open.delete(client));
      await onConnect({
        // What it reads it names itself.
        query: async <Row>(text: string, params: readonly unknown[] = []) =>
          (await client.query(text, [...params])).rows as Row[],
      });
    },
    application_name: 'parley-api',
    options: '-c timezone=UTC',
    keepAlive: true,
    // A statement is sent while those before it are under way, so that several take one round trip.
    pipeline: true,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 4_000,
    lock_timeout: 3_000,
    idle_in_transaction_session_timeout: 10_000,
  };
  const pool = new Pool(config);
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    entities: [...entities],
    installExtensions: false,
    driver: driverOver(pool),
    poolErrorHandler: (error: unknown) => {
      // Each is being ended then, and how is no news.
      if (!closing) logger.warn({ err: error }, 'a connection to the database broke while idle');
    },
    logging: ['query'],
    logger: statementLogger(onStatement),
  });
  try {
    await dataSource.initialize();
  } catch (error) {
    throw databaseFault(error);
  }
  return {
    dataSource,
    pool,
    async close() {
      closing = true;
      if (!dataSource.isInitialized) return;
      await dataSource.destroy();
      await ended([...open]);
    },
  };
}

/** TypeORM makes its pool by the driver that it is given: this one gives it ours. */
function driverOver(pool: Pool): object {
  return {
    Pool: function OwnPool() {
      return pool;
    },
  };
}

/** The pool says that it has ended once it has asked its connections to; this waits until the server has ended them too, or does not answer. */
async function ended(clients: readonly ClientBase[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, endMs);
  });
  await Promise.race([Promise.all(clients.map((client) => once(client, 'end'))), patience]);
  clearTimeout(timer);
}

function statementLogger(onStatement: (text: string) => void): StatementLogger {
  const ignore = () => undefined;
  return {
    logQuery: onStatement,
    logQueryError: ignore,
    logQuerySlow: ignore,
    logSchemaBuild: ignore,
    logMigration: ignore,
    log: ignore,
  };
}
