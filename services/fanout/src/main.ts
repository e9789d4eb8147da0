import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  createBus,
  createIdleCollector,
  createLogger,
  createMetrics,
  createOperatorAccess,
  createShutdown,
  parseEnv,
  systemClock,
} from '@parley/service-kit';
import { envSchema } from './env.ts';
import { createFanout } from './fanout.ts';
import { createFanoutServer } from './server.ts';

const env = parseEnv(envSchema);
const nodeId = env.NODE_ID ?? randomUUID();
const logger = createLogger({ service: 'fanout', level: env.LOG_LEVEL }).child({ nodeId });
const metrics = createMetrics('fanout', { process: true });
const bus = await createBus({ natsUrl: env.NATS_URL, name: `parley-fanout-${nodeId}`, logger });
const fanout = createFanout({
  bus,
  logger,
  metrics,
  nodeId,
  trustedProxies: env.TRUSTED_PROXIES,
  operators: createOperatorAccess(env.OPERATOR_TOKEN),
});
const server = createFanoutServer(fanout, { logger });

const shutdown = createShutdown({ logger, deadlineMs: env.SHUTDOWN_DEADLINE_MS });
const collector = createIdleCollector({ clock: systemClock });
shutdown.add('stop collecting', async () => collector.close());
shutdown.add('connections', () => fanout.close());
shutdown.add('http', () => {
  server.closeAllConnections();
  server.close();
});
shutdown.add('bus', () => bus.close());
shutdown.onSignals();

// When another node dies, thousands connect in the same instant; the system's own bound may be lower.
server.listen({ port: env.PORT, host: env.HOST, backlog: 8_192 });
await once(server, 'listening');
const listening = server.address();
if (listening instanceof Object) fanout.startCanary(listening);
logger.info({ address: listening }, 'listening');
