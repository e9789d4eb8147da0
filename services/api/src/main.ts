import { ParleyError } from '@parley/contracts';
import {
  createBus,
  createHttpServer,
  createIdleCollector,
  createLogger,
  createMetrics,
  createOperatorAccess,
  createShutdown,
  parseEnv,
  systemClock,
} from '@parley/service-kit';
import { createApi } from './api.ts';
import { envSchema } from './env.ts';

const env = parseEnv(envSchema);
const logger = createLogger({ service: 'api', level: env.LOG_LEVEL });

async function main(): Promise<void> {
  const shutdown = createShutdown({ logger, deadlineMs: env.SHUTDOWN_DEADLINE_MS });
  const bus = await createBus({ natsUrl: env.NATS_URL, name: 'parley-api', logger });
  const api = await createApi({
    databaseUrl: env.DATABASE_URL,
    bus,
    logger,
    metrics: createMetrics('api', { process: true }),
    operators: createOperatorAccess(env.OPERATOR_TOKEN),
    poolSize: env.DATABASE_POOL_SIZE,
    testMode: env.TEST_MODE,
    secretsKeys: env.SECRETS_KEY ?? [],
    eventRetentionDays: env.EVENT_RETENTION_DAYS,
    trustedProxies: env.TRUSTED_PROXIES,
    rates: {
      userOperationsPerMinute: env.USER_OPERATIONS_PER_MINUTE,
      keyOperationsPerMinute: env.KEY_OPERATIONS_PER_MINUTE,
    },
  });
  const plain = await api.keys.check();
  if (plain > 0 && env.SECRETS_KEY !== undefined)
    logger.warn({ secrets: plain }, 'secrets are not encrypted yet: run `parley key reencrypt` once all nodes are new');
  const server = createHttpServer({ handle: api.handler, logger });
  shutdown.add('say that the node is leaving', api.health.drain);
  shutdown.add(
    'answer the last requests',
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  );
  const collector = createIdleCollector({ clock: systemClock });
  shutdown.add('stop collecting', async () => collector.close());
  shutdown.add('close the API', api.close);
  shutdown.add('close the bus', bus.close);
  shutdown.onSignals();
  server.listen(env.PORT, env.HOST, () => logger.info({ address: server.address() }, 'listening'));
  server.once('error', (error) => {
    logger.fatal({ err: error }, 'unable to listen');
    void shutdown.run('unable to listen').then(() => process.exit(1));
  });
}

/** For the operator, who may know what no client is shown: which host refused, and how. */
function causeOf({ cause }: ParleyError): string {
  return cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : '';
}

main().catch((error: unknown) => {
  if (error instanceof ParleyError) process.stderr.write(`${error.message}${causeOf(error)}\n`);
  else logger.fatal({ err: error }, 'unable to start');
  process.exit(1);
});
