import type { RequestListener } from 'node:http';
import {
  type Bus,
  type Clock,
  createHealth,
  createMetrics,
  createShutdown,
  type Health,
  type Logger,
  type Metrics,
  type OperatorAccess,
  serveRpc,
  systemClock,
} from '@parley/service-kit';
import { createFoundation } from './foundation.ts';
import { createExecutor } from './graphql/execute.ts';
import { createOperationQueue } from './graphql/operation-queue.ts';
import { createRateLimit, type RateLimits } from './graphql/rate-limit.ts';
import { createSchema } from './graphql/schema.ts';
import { createServices, startModules } from './graphql/services.ts';
import { createStrangers, type StrangerRates } from './graphql/strangers.ts';
import type { AppKeys } from './modules/apps/keys.ts';
import type { AppsService } from './modules/apps/service.ts';
import { wholeEvent } from './modules/messages/whole-event.ts';
import { createConsumers } from './platform/consumers/consumers.ts';
import type { Consumer } from './platform/consumers/define-consumer.ts';
import type { Db } from './platform/db.ts';
import type { Job } from './platform/job-queue/define-job.ts';
import { createJobQueue, type JobQueue } from './platform/job-queue/job-queue.ts';
import { createHandlers } from './rpc/handlers.ts';
import { serveWhileAble } from './rpc/serve-while-able.ts';
import { createServer } from './server.ts';

export interface ApiOptions {
  /** Connection string of PostgreSQL. */
  readonly databaseUrl: string;
  /** Stays the caller's, who closes it after the API. */
  readonly bus: Bus;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
  /** Most connections to the database; 20 when absent. */
  readonly poolSize?: number;
  /** Accept a database that could lose what it acknowledged. */
  readonly testMode?: boolean;
  /** Events older than so many days are pruned; 30 when absent. Messages stay. */
  readonly eventRetentionDays?: number;
  /** Keys of 32 bytes that encrypt secrets at rest, the newest first; without any they are stored as they are. */
  readonly secretsKeys?: readonly Buffer[];
  /** Default: those of the contracts. */
  readonly rates?: RateLimits;
  /** Default: those of the contracts. */
  readonly strangerRates?: StrangerRates;
  /** Proxies in front of this node, each of which adds to X-Forwarded-For; 0 when absent. */
  readonly trustedProxies?: number;
  /** Whom the metrics are shown to. Default: whoever asks on the machine itself. */
  readonly operators?: OperatorAccess;
  /** Readers of the log that this node takes part in; none when absent. */
  readonly consumers?: readonly Consumer[];
  /** For how long a node that died keeps others from its share of the consumers, in ms; 10,000 when absent. */
  readonly consumerLeaseMs?: number;
  /** Background work that this node takes part in; none when absent. */
  readonly jobs?: readonly Job[];
  /** Time for work in hand to end in `close`, in ms; 10,000 when absent. */
  readonly closeDeadlineMs?: number;
}

/** One API node. It never listens; whoever composes it does. */
export interface Api {
  /** `/graphql`, and what `health` serves. */
  readonly handler: RequestListener;
  readonly health: Health;
  readonly apps: AppsService;
  readonly keys: AppKeys;
  /** Background work, of the jobs that the node was given. */
  readonly jobs: Pick<JobQueue, 'send' | 'dead' | 'retryDead'>;
  /** For those who operate the node. */
  readonly db: Db;
  /** Resolves when the bus knows that this node answers. */
  readonly ready: Promise<void>;
  /** Lets work in hand end, then closes what it needs. Stop listening first. Harmless when repeated. */
  close(): Promise<void>;
}

/**
 * Composes an API node, bringing the database to the newest schema.
 * @throws unavailable when the database cannot be reached, is too old or may lose commits
 */
export async function createApi(options: ApiOptions): Promise<Api> {
  const { bus, logger, metrics = createMetrics('api'), clock = systemClock, closeDeadlineMs = 10_000 } = options;
  const { rates, strangerRates, trustedProxies = 0, poolSize = 20, consumers: defined = [] } = options;
  const foundation = await createFoundation({ ...options, clock });
  const { db, log, jobs, stall, rows } = foundation;

  const services = createServices(foundation);
  const { apps, auth, inbox, keys } = services;
  startModules(foundation, services);
  const schema = createSchema();
  const strangers = createStrangers(strangerRates);
  const rateLimit = createRateLimit(rates);
  const queue = createOperationQueue({ poolSize, clock });
  const executor = createExecutor({ schema, services, rateLimit, queue, strangers, rows, stall, logger });
  const server = createServer({ executor, auth, strangers, trustedProxies, logger });
  const handlers = createHandlers({ foundation, services, rateLimit, queue, execute: executor.execute });
  const rpc = serveWhileAble({ serve: () => serveRpc(bus, handlers, { logger }), able: db.ping, clock, logger });

  const health = createHealth({ metrics, clock, operators: options.operators });
  health.register('postgres', db.ping);
  health.register('storage', db.checkStorage);
  const statements = metrics.counter({
    name: 'parley_sql_statements_total',
    help: 'SQL statements that this node sent, those that begin and end transactions too.',
  });
  db.onStatement(() => statements.inc());
  // Not a condition of being ready: without the bus sends succeed and are delivered later; with no ready node there would be no sends at all.
  metrics.gauge({
    name: 'parley_bus_connected',
    help: 'Whether this node is connected to the bus (1) or not (0).',
    collect: (gauge) => gauge.set(bus.connected ? 1 : 0),
  });

  const consumers = createConsumers({
    consumers: defined,
    sql: db,
    bus,
    wholeEvent,
    clock,
    logger,
    metrics,
    health,
    leaseMs: options.consumerLeaseMs ?? 10_000,
  });
  const jobQueue = createJobQueue({
    jobs: options.jobs ?? [],
    databaseUrl: options.databaseUrl,
    clock,
    logger,
    metrics,
  });
  if (defined.length > 0) foundation.onPublished(consumers.changed);

  const shutdown = createShutdown({ logger, deadlineMs: closeDeadlineMs, clock });
  shutdown.add('say that the node is leaving', health.drain);
  shutdown.add('answer the last bus requests', rpc.close);
  shutdown.add('stop consumers', consumers.stop);
  shutdown.add('stop background work', jobQueue.stop);
  shutdown.add('finish writes', log.close);
  shutdown.add('stop looking for stalls', stall.close);
  shutdown.add('stop jobs', jobs.stop);
  shutdown.add('stop inbox notices', inbox.close);
  shutdown.add('close the database', db.close);
  try {
    await jobQueue.start();
    await consumers.start();
  } catch (error) {
    await shutdown.run('background work cannot start');
    throw error;
  }

  return {
    handler: (request, response) => {
      if (!health.handler(request, response)) server(request, response);
    },
    health,
    apps,
    keys,
    jobs: jobQueue,
    db,
    ready: rpc.ready,
    close: async () => void (await shutdown.run('the API is closed')),
  };
}
