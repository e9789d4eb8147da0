import { Client, escapeIdentifier } from 'pg';
import { findBinaries } from './binaries.ts';
import { type ClusterPlace, prepareCluster, superuser } from './cluster.ts';
import { prepareDataDir } from './data-dir.ts';
import { lockDirectory } from './directory-lock.ts';
import { PostgresStartError, writing } from './errors.ts';
import { freePort } from './free-port.ts';
import { identityFor } from './identity.ts';
import { type LocalPostgresLogger, silentLogger } from './logger.ts';
import { stopOrphan } from './orphan.ts';
import { type ServerProcess, type ServerProcessOptions, startServerProcess } from './server-process.ts';

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

/** A running PostgreSQL server that belongs to this process and ends with it. */
export interface LocalPostgres {
  readonly port: number;
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
      logger,
      startTimeoutMs,
    };
    const { server, port } = await startOnPort(wanted);
    return handle({ server, password, giveBack, options: { ...wanted, port } });
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

interface Parts {
  readonly server: ServerProcess;
  readonly password: string;
  readonly giveBack: () => void;
  readonly options: ServerProcessOptions;
}

function handle({ server: first, password, giveBack, options }: Parts): LocalPostgres {
  let server = first;
  const url = (database = 'postgres') =>
    `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${options.port}/${encodeURIComponent(database)}`;
  const halt = (mode: StopMode) => server.stop(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  return {
    port: options.port,
    get pid() {
      return server.pid;
    },
    get lastStderr() {
      return server.lastStderr();
    },
    url,
    createDatabase: (name, template) => createDatabase(url(), name, template),
    async restart(mode = 'fast') {
      await halt(mode);
      server = await startServerProcess(options);
    },
    async stop(mode = 'fast') {
      await halt(mode);
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
