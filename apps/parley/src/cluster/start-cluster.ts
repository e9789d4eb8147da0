import { openAdministration } from '@parley/api/administration';
import { findNatsServer, NatsMissingError, type NatsServer, startNatsCluster } from '@parley/local-nats';
import { type LocalPostgres, startPostgres } from '@parley/local-postgres';
import { createShutdown, type Logger } from '@parley/service-kit';
import { type Addresses, addressesOf } from '../dev/addresses.ts';
import { type DevDataDir, prepareDevDataDir } from '../dev/data-dir.ts';
import { type DemoApp, ensureDemoApp } from '../dev/demo-app.ts';
import { encryptSecrets } from '../dev/encrypt-secrets.ts';
import { listenOn } from '../dev/server.ts';
import { prepareBusAccess } from './bus-access.ts';
import { openEdge } from './edge/edge.ts';
import { keepRunning } from './keep-running.ts';
import type { ClusterNode } from './node.ts';
import { createNodes, type NodeEnvironment, type NodeProgram } from './nodes.ts';

/** How many processes, where, and how their names differ. */
export interface ClusterOptions {
  readonly api: number;
  readonly fanout: number;
  /** NATS servers: one, or three that are one bus. */
  readonly nats: 1 | 3;
  readonly dataDir: string;
  readonly logger: Logger;
  /** TCP port of the edge on 127.0.0.1; a free one when 0 or absent. */
  readonly edgePort?: number;
  /** Begin with empty data. */
  readonly reset?: boolean;
  /** Variables of a node beside those that it gets anyway, or instead of them; asked at each of its starts. */
  readonly env?: NodeEnvironment;
  /** The file that a node runs instead of that of its service; asked at each of its starts. */
  readonly program?: NodeProgram;
  /** Start again what ends by itself. Default: leave it to the caller. */
  readonly restart?: boolean;
  /** Settings of PostgreSQL by name. */
  readonly postgresSettings?: Readonly<Record<string, string>>;
  /** The name of the command in what is said to clients. */
  readonly command?: string;
}

/** A platform of many processes behind one address. */
export interface Cluster extends Addresses {
  readonly apis: readonly ClusterNode[];
  readonly fanouts: readonly ClusterNode[];
  readonly natsServers: readonly NatsServer[];
  /** Without the passwords, which are in the data directory. */
  readonly natsUrls: readonly string[];
  readonly postgres: LocalPostgres;
  readonly postgresUrl: string;
  readonly app: DemoApp;
  /** Ends everything in order: edge, fan-out, API, NATS, PostgreSQL. Harmless when repeated. */
  close(): Promise<void>;
}

/** What ends, in this order. */
const steps = ['restarts', 'new requests', 'fanout', 'api', 'edge', 'nats', 'postgres', 'server'] as const;
type Ends = Partial<Record<(typeof steps)[number], () => unknown>>;

const closeDeadlineMs = 60_000;
/** As many connections as a node's pool may hold, and some for those who look on. */
const connectionsPerApi = 20;
const furtherConnections = 60;

/**
 * Starts PostgreSQL, NATS, every node in a process of its own, and an edge in this one.
 * @throws UsageError, DataDirInUseError, DataDirNotWritableError, NatsMissingError: one sentence that says what to do
 * @throws PostgresStartError, NatsStartError, NodeStartError
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { logger } = options;
  const ends: Ends = {};
  const shutdown = createShutdown({ logger, deadlineMs: closeDeadlineMs });
  for (const step of steps) shutdown.add(step, async () => void (await ends[step]?.()));
  const close = async () => void (await shutdown.run('the cluster ends'));
  try {
    return { ...(await compose(options, ends)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function compose(options: ClusterOptions, ends: Ends): Promise<Omit<Cluster, 'close'>> {
  const { logger, env, program, restart = false, command = 'parley cluster' } = options;
  const server = await listenOn(options.edgePort ?? 0, command, { logger });
  ends.server = server.close;
  // Known before anything is deleted or made.
  if (findNatsServer() === undefined) throw new NatsMissingError();
  const dataDir = await prepareDevDataDir(options.dataDir, options.reset ?? false);
  const postgres = await startPostgres({
    dataDir: dataDir.postgres,
    logger,
    settings: {
      max_connections: String(Math.max(100, options.api * connectionsPerApi + furtherConnections)),
      ...options.postgresSettings,
    },
  });
  ends.postgres = () => postgres.stop();
  // What is in the folder is this cluster's own, now that its database is.
  const access = await prepareBusAccess(dataDir.path);
  const natsServers = await startNatsCluster(options.nats, { access: access.servers });
  ends.nats = () => Promise.all(natsServers.map((one) => one.stop()));
  if (restart) ends.restarts = keepBus(natsServers, logger);
  const app = await demoApp(postgres.url(), dataDir, logger);

  const natsUrls = natsServers.map(({ url }) => url);
  const shared = { env, program, restart, logger };
  const [api, fanout] = await Promise.all([
    createNodes({
      ...shared,
      kind: 'api',
      count: options.api,
      environment: {
        NATS_URL: access.urlFor('api', natsUrls),
        DATABASE_URL: postgres.url(),
        SECRETS_KEY: dataDir.secretsKey,
        // The edge, which adds the address that it was asked from to X-Forwarded-For.
        TRUSTED_PROXIES: '1',
      },
    }),
    createNodes({
      ...shared,
      kind: 'fanout',
      count: options.fanout,
      environment: { NATS_URL: access.urlFor('fanout', natsUrls), TRUSTED_PROXIES: '1' },
    }),
  ]);
  ends.api = api.stop;
  ends.fanout = fanout.stop;
  await Promise.all([api.start(), fanout.start()]);
  const edge = openEdge({ server, app, api: api.backends, fanout: fanout.backends });
  ends['new requests'] = server.refuse;
  ends.edge = edge.close;
  return {
    ...addressesOf(server),
    apis: api.all,
    fanouts: fanout.all,
    natsServers,
    natsUrls,
    postgres,
    postgresUrl: postgres.url(),
    app,
  };
}

function keepBus(servers: readonly NatsServer[], logger: Logger): () => void {
  const keepers = servers.map((one, index) =>
    keepRunning({ name: `nats-${index}`, logger, ended: () => one.ended, start: one.restart }),
  );
  return () => {
    for (const { stop } of keepers) stop();
  };
}

async function demoApp(databaseUrl: string, { path, secretsKey }: DevDataDir, logger: Logger): Promise<DemoApp> {
  const secretsKeys = [Buffer.from(secretsKey, 'base64')];
  const administration = await openAdministration({ databaseUrl, logger, secretsKeys });
  try {
    await encryptSecrets(administration.keys, path);
    return await ensureDemoApp(administration.apps);
  } finally {
    await administration.close();
  }
}
