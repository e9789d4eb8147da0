import { ParleyError } from '@parley/contracts';
import type { Logger } from '@parley/service-kit';
import type { EntityManager, EntitySchema } from 'typeorm';
import { type Connection, withConnection } from './connection.ts';
import { openDataSource } from './data-source.ts';
import { databaseFault, isConnectionFault } from './database-fault.ts';
import { checkDurability } from './durability.ts';
import type { RowMeter } from './row-meter.ts';
import type { Sql, Statement } from './sql.ts';
import { createStorageWatch } from './storage-watch.ts';

/** The API's one database. */
export interface Db extends Sql {
  /**
   * Commits what `work` wrote, or nothing of it when it throws.
   * @throws unavailable (nothing was written), timeout (the connection broke during the commit: the outcome is unknown)
   */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /**
   * As `transaction`, with as few round trips as can be: BEGIN travels with what `work` sends first, which must only read, and COMMIT with the
   * statements in `last`.
   * @throws as `transaction`
   */
  shortTransaction<T>(
    work: (sql: Sql) => Promise<{ readonly value: T; readonly last: readonly Statement[] }>,
  ): Promise<T>;
  /** Entities, for everyday reads and writes away from the hot paths. @throws unavailable */
  entities<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** @throws unavailable unless the database answers within a second */
  ping(): Promise<void>;
  /** @throws unavailable from the first write that found no room until there is some again */
  checkStorage(): Promise<void>;
  /** The listener gets the text of every statement before it runs, BEGIN and COMMIT too. Returns a function that unsubscribes it. */
  onStatement(listener: (text: string) => void): () => void;
  /** Waits for statements under way. Harmless when repeated. */
  close(): Promise<void>;
}

export interface OpenDbOptions {
  /** Connection string of PostgreSQL. */
  readonly url: string;
  readonly logger: Logger;
  /** Most connections at once; 20 when absent. */
  readonly poolSize?: number;
  /** Counts the rows of single statements for those who asked it to; those of transactions are not counted. */
  readonly rows?: RowMeter;
  /** Tables that `entities` of the database reads and writes. */
  readonly entities?: readonly EntitySchema[];
  /** Accept a server that could lose what it acknowledged. */
  readonly testMode?: boolean;
  /** Done on each new connection before anything else; one that fails at it is not used. */
  readonly onConnect?: (sql: Sql) => Promise<void>;
}

/** Under the five seconds in which a caller is promised an answer. */
const callDeadlineMs = 4_700;
const pingDeadlineMs = 1_000;

/**
 * Connects, and refuses a server that is too old or may lose commits.
 * @throws unavailable
 */
export async function openDb({
  url,
  logger,
  poolSize = 20,
  testMode = false,
  entities = [],
  rows,
  onConnect = async () => undefined,
}: OpenDbOptions): Promise<Db> {
  const listeners = new Set<(text: string) => void>();
  const notify = (text: string) => {
    for (const listener of listeners) listener(text);
  };
  const { dataSource, pool, close } = await openDataSource({
    url,
    logger,
    poolSize,
    entities,
    onStatement: notify,
    onConnect,
  });
  const observed = (connection: Connection): Connection => ({
    run: (text, params, budget) => {
      notify(text);
      return connection.run(text, params, budget);
    },
  });
  const storage = createStorageWatch({
    transaction: (work) => borrow(pingDeadlineMs, (connection) => inTransaction(connection, work)),
  });
  const borrow = <T>(deadlineMs: number, work: (connection: Connection) => Promise<T>): Promise<T> =>
    withConnection(pool, deadlineMs, (connection) => work(observed(connection)), storage.failed);

  const db: Db = {
    entities: (work) =>
      work(dataSource.manager).catch((error: unknown) => {
        storage.failed(error);
        throw databaseFault(error);
      }),
    query: <Row>(text: string, params: readonly unknown[] = []) => {
      const budget = rows?.current();
      return borrow(callDeadlineMs, async (connection) => (await connection.run<Row>(text, params, budget)).rows);
    },
    transaction: (work) => borrow(callDeadlineMs, (connection) => inTransaction(connection, work)),
    shortTransaction: (work) => borrow(callDeadlineMs, (connection) => inShortTransaction(connection, work)),
    ping: () => borrow(pingDeadlineMs, async (connection) => void (await connection.run('SELECT 1', []))),
    checkStorage: storage.check,
    onStatement(listener) {
      const own = (text: string) => listener(text);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    close,
  };
  try {
    await checkDurability(db, testMode);
  } catch (error) {
    await db.close();
    throw error;
  }
  return db;
}

const sqlOn = (connection: Connection): Sql => ({
  query: async <Row>(text: string, params: readonly unknown[] = []) => (await connection.run<Row>(text, params)).rows,
});

async function inTransaction<T>(connection: Connection, work: (sql: Sql) => Promise<T>): Promise<T> {
  await connection.run('BEGIN', []);
  const value = await orRollback(connection, () => work(sqlOn(connection)));
  await commit(connection, []);
  return value;
}

async function inShortTransaction<T>(
  connection: Connection,
  work: (sql: Sql) => Promise<{ readonly value: T; readonly last: readonly Statement[] }>,
): Promise<T> {
  const { value, last } = await orRollback(connection, async () => {
    const begun = connection.run('BEGIN', []);
    const [result] = await Promise.all([work(sqlOn(connection)), begun]);
    return result;
  });
  await commit(connection, last);
  return value;
}

async function orRollback<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // When this fails too the connection is broken, and its end rolls back.
    await connection.run('ROLLBACK', []).catch(() => undefined);
    throw databaseFault(error);
  }
}

/** Sends `last` and COMMIT together. When one of `last` fails, the server rolls back instead. */
async function commit(connection: Connection, last: readonly Statement[]): Promise<void> {
  const sent = [...last, { text: 'COMMIT', params: [] }].map(({ text, params }) => connection.run(text, params));
  const results = await Promise.allSettled(sent);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw unconfirmed(failed.reason);
  const committed = await sent.at(-1);
  // The server answers COMMIT with ROLLBACK, and no error, when a statement failed before and its error was swallowed.
  if (committed?.command !== 'COMMIT')
    throw new ParleyError('internal', 'unable to commit; an earlier statement of the transaction had failed');
}

/** With the connection gone, nobody knows whether the server had come to the COMMIT. */
function unconfirmed(error: unknown): unknown {
  const reason = error instanceof ParleyError ? (error.cause ?? error) : error;
  if (!isConnectionFault(reason)) return error;
  return new ParleyError(
    'timeout',
    'unable to confirm the write; the connection to the database broke while it was committed',
    { cause: error },
  );
}
