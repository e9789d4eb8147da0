import { fileURLToPath } from 'node:url';
import { startPostgres } from '@parley/local-postgres';
import { createServerClient } from '@parley/sdk-server';
import { createMemoryBus, createMetrics, createShutdown, type Logger } from '@parley/service-kit';
import type { DevOptions } from '../commands/dev-options.ts';
import { peerId, seedConversations, seedPeople } from './conversation.ts';
import { prepareDevDataDir } from './data-dir.ts';
import { ensureDemoApp } from './demo-app.ts';
import { combineHealth } from './health.ts';
import { startPeer } from './peer.ts';
import { type DevServer, listenOn } from './server.ts';
import { createStaticFiles } from './static-files.ts';
import { createTokenRoute } from './token-route.ts';

/** A running platform. */
export interface DevPlatform {
  readonly url: string;
  readonly graphqlUrl: string;
  readonly subscriptionsUrl: string;
  readonly demoUrl: string;
  readonly appId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** User id → token that holds for a day. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Ends everything in order; what does not end within 10 s is left to the end of the process. Harmless when repeated. */
  close(): Promise<void>;
}

const demoPage = fileURLToPath(new URL('../../../../examples/02-react-messenger/dist', import.meta.url));
const closeDeadlineMs = 10_000;
const hourSeconds = 3_600;

/** What was started, newest first: the order in which it ends. */
type Started = { readonly name: string; readonly end: () => Promise<void> | void }[];

/**
 * Composes API, fan-out, PostgreSQL, demo page and peer in this process, on one port.
 * @throws UsageFault, DataDirInUseError, DataDirNotWritableError: one sentence that says what to do
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
  const server = await listenOn(options.port);
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
  const api = await createApi({ databaseUrl: postgres.url(), bus, logger, metrics });
  started.unshift({ name: 'api', end: () => api.close() });
  const fanout = createFanout({ bus, logger, metrics });
  started.unshift({ name: 'fanout', end: () => fanout.close() });

  const app = await ensureDemoApp(api.apps);
  const addresses = addressesOf(server);
  const backend = createServerClient({ url: addresses.graphqlUrl, keyId: app.apiKey, secret: app.apiSecret });
  const mint = (userId: string) => backend.mintUserToken(userId, { expiresInSeconds: hourSeconds });
  server.open({
    graphql: api.handler,
    eventStream: fanout.handleRequest,
    upgrade: fanout.handleUpgrade,
    health: combineHealth({ api: api.health, fanout: fanout.health }, metrics).handler,
    token: createTokenRoute({ appId: app.appId, apiKey: app.apiKey, mint }),
    files: createStaticFiles(demoPage),
  });
  started.unshift({ name: 'new requests', end: () => server.refuse() });

  await seedPeople(backend);
  if (options.demo) {
    await seedConversations(backend, app.appId);
    const stopPeer = await startPeer({
      url: addresses.graphqlUrl,
      userId: peerId,
      channelIds: ['messaging:welcome'],
      getToken: () => mint(peerId),
      logger,
    });
    started.unshift({ name: 'peer', end: stopPeer });
  }
  const day = { expiresInSeconds: 24 * hourSeconds };
  const [ada, bob] = await Promise.all([backend.mintUserToken('ada', day), backend.mintUserToken('bob', day)]);
  return { ...addresses, ...app, tokens: { ada, bob } };
}

function addressesOf({ port }: DevServer) {
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    graphqlUrl: `${url}/graphql`,
    subscriptionsUrl: `ws://127.0.0.1:${port}/graphql`,
    demoUrl: `${url}/?user=ada`,
  };
}
