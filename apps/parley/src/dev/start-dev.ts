import { startPostgres } from '@parley/local-postgres';
import { createMemoryBus, createMetrics, createShutdown, type Logger } from '@parley/service-kit';
import type { DevOptions } from '../commands/dev-options.ts';
import { type Addresses, addressesOf } from './addresses.ts';
import { prepareDevDataDir } from './data-dir.ts';
import { type DemoApp, ensureDemoApp } from './demo-app.ts';
import { bringPeople } from './demo-people.ts';
import { createDemoRoutes } from './demo-routes.ts';
import { encryptSecrets } from './encrypt-secrets.ts';
import { combineHealth } from './health.ts';
import { listenOn } from './server.ts';

/** A running platform. */
export interface DevPlatform extends Addresses, DemoApp {
  /** User id → token that holds for a day. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Connection string of the database, for the commands that work on it. */
  readonly postgresUrl: string;
  /** Ends everything in order; what does not end within 10 s is left to the end of the process. Harmless when repeated. */
  close(): Promise<void>;
}

const closeDeadlineMs = 10_000;

/** What was started, newest first: the order in which it ends. */
type Started = { readonly name: string; readonly end: () => Promise<void> | void }[];

/**
 * Composes API, fan-out, PostgreSQL, demo page and peer in this process, on one port.
 * @throws UsageError, DataDirInUseError, DataDirNotWritableError: one sentence that says what to do
 */
export async function startDev(options: DevOptions, logger: Logger): Promise<DevPlatform> {
  const started: Started = [];
  const end = async () => {
    const shutdown = createShutdown({ logger, deadlineMs: closeDeadlineMs });
    for (const step of started.splice(0)) shutdown.add(step.name, async () => step.end());
    await shutdown.run('parley dev ends');
  };
  try {
    return { ...(await compose(options, logger, started)), close: end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function compose(options: DevOptions, logger: Logger, started: Started): Promise<Omit<DevPlatform, 'close'>> {
  const server = await listenOn(options.port, 'parley dev', { logger });
  started.unshift({ name: 'server', end: server.close });
  const dataDir = await prepareDevDataDir(options.dataDir, options.reset);
  // The two take about as long as each other; loading code does not wait for the database.
  const [postgres, { createApi }, { createFanout }] = await Promise.all([
    startPostgres({ dataDir: dataDir.postgres, logger }),
    import('@parley/api'),
    import('@parley/fanout'),
  ]);
  started.unshift({ name: 'postgres', end: () => postgres.stop() });

  const bus = createMemoryBus({ logger });
  started.unshift({ name: 'bus', end: () => bus.close() });
  const metrics = createMetrics('parley');
  const secretsKeys = [Buffer.from(dataDir.secretsKey, 'base64')];
  const api = await createApi({ databaseUrl: postgres.url(), bus, logger, metrics, secretsKeys });
  started.unshift({ name: 'api', end: () => api.close() });
  await encryptSecrets(api.keys, dataDir.path);
  const fanout = createFanout({ bus, logger, metrics });
  started.unshift({ name: 'fanout', end: () => fanout.close() });

  const app = await ensureDemoApp(api.apps);
  const addresses = addressesOf(server);
  server.open({
    ...createDemoRoutes(addresses, app),
    graphql: api.handler,
    eventStream: fanout.handleRequest,
    upgrade: fanout.handleUpgrade,
    health: combineHealth({ api: api.health, fanout: fanout.health }, metrics).handler,
    doctor: fanout.handleRequest,
  });
  fanout.startCanary({ address: '127.0.0.1', port: server.port });
  started.unshift({ name: 'new requests', end: () => server.refuse() });

  const { tokens, leave } = await bringPeople({ addresses, app, demo: options.demo, logger });
  started.unshift({ name: 'peer', end: leave });
  return { ...addresses, ...app, tokens, postgresUrl: postgres.url() };
}
