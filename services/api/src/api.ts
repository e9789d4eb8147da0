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
  type RpcServer,
  serveRpc,
  systemClock,
} from '@parley/service-kit';
import { type Background, createBackground, type Defined } from './background.ts';
import { createFoundation, type Foundation } from './foundation.ts';
import { createExecutor } from './graphql/execute.ts';
import { createOperationQueue } from './graphql/operation-queue.ts';
import { createRateLimit, type RateLimits } from './graphql/rate-limit.ts';
import { createSchema } from './graphql/schema.ts';
import { createServices, type Services, startModules } from './graphql/services.ts';
import { createStrangers, type StrangerRates } from './graphql/strangers.ts';
import type { AppKeys } from './modules/apps/keys.ts';
import type { AppsService } from './modules/apps/service.ts';
import type { Consumer } from './platform/consumers/define-consumer.ts';
import type { Db } from './platform/db.ts';
import type { Job } from './platform/job-queue/define-job.ts';
import type { JobQueue } from './platform/job-queue/job-queue.ts';
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
  /** Readers of the log that this node takes part in besides those of the modules, or how they are made. */
  readonly consumers?: Defined<Consumer>;
  /** For how long a node that died keeps others from its share of the consumers, in ms; 10,000 when absent. */
  readonly consumerLeaseMs?: number;
  /** Background work that this node takes part in besides that of the modules, or how it is made. */
  readonly jobs?: Defined<Job>;
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
  /** Background work, of the jobs of the modules and of those that the node was given. */
  readonly jobs: Pick<JobQueue, 'send' | 'dead' | 'retryDead'>;
  /** For those who operate the node. */
  readonly db: Db;
  /** Resolves when the bus knows that this node answers. */
  readonly ready: Promise<void>;
  /** Lets work in hand end, then closes what it needs. Stop listening first. Harmless when repeated. */
  close(): Promise<void>;
}

/** What is to be closed, as far as it was made. */
interface Parts {
  services?: Services;
  health?: Health;
  rpc?: RpcServer;
  background?: Background;
}

/**
 * Composes an API node, bringing the database to the newest schema. One that cannot start leaves nothing open.
 * @throws unavailable when the database cannot be reached, is too old or may lose commits
 */
export async function createApi(options: ApiOptions): Promise<Api> {
  const { logger, clock = systemClock, closeDeadlineMs = 10_000 } = options;
  const foundation = await createFoundation({ ...options, clock });
  const { db, log, jobs, stall } = foundation;
  const parts: Parts = {};
  const shutdown = createShutdown({ logger, deadlineMs: closeDeadlineMs, clock });
  shutdown.add('say that the node is leaving', () => parts.health?.drain());
  shutdown.add('answer the last bus requests', () => parts.rpc?.close());
  shutdown.add('stop consumers', () => parts.background?.stopConsumers());
  shutdown.add('stop background work', () => parts.background?.stopJobs());
  shutdown.add('finish writes', log.close);
  shutdown.add('stop looking for stalls', stall.close);
  shutdown.add('stop what recurs', jobs.stop);
  shutdown.add('stop inbox notices', () => parts.services?.inbox.close());
  shutdown.add('close the database', db.close);
  try {
    const api = await compose({ ...options, clock }, foundation, parts);
    return { ...api, close: async () => void (await shutdown.run('the API is closed')) };
  } catch (error) {
    await shutdown.run('the API cannot start');
    throw error;
  }
}

async function compose(
  options: ApiOptions & { readonly clock: Clock },
  foundation: Foundation,
  parts: Parts,
): Promise<Omit<Api, 'close'>> {
  const { bus, logger, metrics = createMetrics('api'), clock, rates, strangerRates } = options;
  const { trustedProxies = 0, poolSize = 20, consumerLeaseMs: leaseMs = 10_000, consumers = [], jobs = [] } = options;
  const { db, stall, rows } = foundation;

  const services = createServices(foundation);
  parts.services = services;
  const { apps, auth, keys } = services;
  startModules(foundation, services);
  const schema = createSchema();
  const strangers = createStrangers(strangerRates);
  const rateLimit = createRateLimit(rates);
  const queue = createOperationQueue({ poolSize, clock });
  const executor = createExecutor({ schema, services, rateLimit, queue, strangers, rows, stall, logger });
  const server = createServer({ executor, auth, strangers, trustedProxies, logger });
  const handlers = createHandlers({ foundation, services, rateLimit, queue, execute: executor.execute });
  const rpc = serveWhileAble({ serve: () => serveRpc(bus, handlers, { logger }), able: db.ping, clock, logger });
  parts.rpc = rpc;

  const health = createHealth({ metrics, clock, operators: options.operators });
  parts.health = health;
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

  const own = { foundation, services, consumers, jobs, databaseUrl: options.databaseUrl };
  const background = createBackground({ ...own, bus, clock, logger, metrics, health, leaseMs });
  parts.background = background;
  await background.start();

  return {
    handler: (request, response) => {
      if (!health.handler(request, response)) server(request, response);
    },
    health,
    apps,
    keys,
    jobs: background.jobs,
    db,
    ready: rpc.ready,
  };
}
