import { Client, escapeIdentifier } from 'pg';
import { findBinaries } from './binaries.ts';
import { type ClusterPlace, passwordFileOf, prepareCluster, superuser } from './cluster.ts';
import { prepareDataDir } from './data-dir.ts';
import { lockDirectory } from './directory-lock.ts';
import { errorCode, PasswordRefusedError, PostgresStartError, writing } from './errors.ts';
import { freePort } from './free-port.ts';
import { identityFor } from './identity.ts';
import { type LocalPostgresLogger, silentLogger } from './logger.ts';
import { stopOrphan } from './orphan.ts';
import { type ServerProcess, type ServerProcessOptions, startServerProcess } from './server-process.ts';
import { type Supervisor, supervise } from './supervisor.ts';

/** `fast` ends the clients' sessions and shuts down cleanly; `immediate` is a crash that the next start recovers from. */
export type StopMode = 'fast' | 'immediate';

/** What {@link startPostgres} needs to know. */
export interface StartPostgresOptions {
  /** The folder of the data; made when it is missing. The lock and the password lie beside it. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; a free one when 0 or absent. */
  readonly port?: number;
  /** Server settings by name, as in `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly logger?: LocalPostgresLogger;
  /** How long the server may take until it accepts connections, in ms; 30,000 when absent. */
  readonly startTimeoutMs?: number;
}

/** A running PostgreSQL server that belongs to this process and ends with it; when it dies before, it is started again. */
export interface LocalPostgres {
  readonly port: number;
  /** The server process that came up last; another one after a restart. */
  readonly pid: number;
  /** The last lines that the server wrote to its log. */
  readonly lastStderr: string;
  /** The connection string of the superuser, with its password. */
  url(database?: string): string;
  createDatabase(name: string, template?: string): Promise<void>;
  /** Stops the server and starts it again on the same port. */
  restart(mode?: StopMode): Promise<void>;
  /** Stops the server and gives the data directory back. Harmless when repeated. */
  stop(mode?: StopMode): Promise<void>;
}

/**
 * Starts PostgreSQL on a data directory that is locked to this process; an orphan of a killed process is stopped first.
 * @throws DataDirInUseError when another live process has the directory.
 * @throws DataDirNotWritableError when this user may not write there.
 * @throws PasswordRefusedError when the password beside the data is not the database's.
 * @throws PostgresStartError when the server does not come up; the message ends with its last lines.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<LocalPostgres> {
  const logger = options.logger ?? silentLogger;
  const identity = await identityFor(options.dataDir);
  const home = await prepareDataDir(options.dataDir, identity);
  const lock = await writing(home, () => lockDirectory(home));
  const release = () => lock.release();
  process.once('exit', release);
  const giveBack = () => {
    process.off('exit', release);
    lock.release();
  };
  try {
    const place: ClusterPlace = {
      home,
      identity,
      binaries: await findBinaries(identity),
    };
    await stopOrphan(home, logger);
    const password = await prepareCluster(place);
    const settings = options.settings ?? {};
    const startTimeoutMs = options.startTimeoutMs ?? 30_000;
    const wanted = {
      ...place,
      port: options.port ?? 0,
      settings,
      startTimeoutMs,
    };
    const { server, port } = await startOnPort(wanted);
    try {
      await checkPassword(urlOf(port, password), passwordFileOf(home));
    } catch (error) {
      await server.stop('SIGINT');
      throw error;
    }
    const supervisor = supervise({
      first: server,
      async start(signal) {
        await stopOrphan(home, logger);
        return startServerProcess({ ...wanted, port, signal });
      },
      logger,
    });
    return handle({ supervisor, port, password, giveBack });
  } catch (error) {
    giveBack();
    throw error;
  }
}

async function startOnPort(options: ServerProcessOptions): Promise<{ server: ServerProcess; port: number }> {
  if (options.port !== 0) return { server: await startServerProcess(options), port: options.port };
  // Between finding a free port and binding it, somebody else may take it.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { server: await startServerProcess({ ...options, port }), port };
    } catch (error) {
      const taken = error instanceof PostgresStartError && error.lastStderr.includes('could not bind');
      if (!taken || attempt === 5) throw error;
    }
  }
}

const urlOf = (port: number, password: string, database = 'postgres') =>
  `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;

/** Whoever uses the server would be refused one by one, and none of them knows where the password comes from. @throws PasswordRefusedError */
async function checkPassword(url: string, passwordFile: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (error) {
    if (error instanceof Error && errorCode(error) === '28P01') throw new PasswordRefusedError(passwordFile, error);
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface Parts {
  readonly supervisor: Supervisor;
  readonly port: number;
  readonly password: string;
  readonly giveBack: () => void;
}

function handle({ supervisor, port, password, giveBack }: Parts): LocalPostgres {
  const url = (database?: string) => urlOf(port, password, database);
  const signalFor = (mode: StopMode) => (mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  return {
    port,
    get pid() {
      return supervisor.server.pid;
    },
    get lastStderr() {
      return supervisor.server.lastStderr();
    },
    url,
    createDatabase: (name, template) => createDatabase(url(), name, template),
    restart: (mode = 'fast') => supervisor.restart(signalFor(mode)),
    async stop(mode = 'fast') {
      await supervisor.stop(signalFor(mode));
      giveBack();
    },
  };
}

async function createDatabase(adminUrl: string, name: string, template: string | undefined): Promise<void> {
  const client = new Client({
    connectionString: adminUrl,
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    const source = template === undefined ? '' : ` TEMPLATE ${escapeIdentifier(template)}`;
    await client.query(`CREATE DATABASE ${escapeIdentifier(name)}${source}`);
  } finally {
    await client.end();
  }
}
