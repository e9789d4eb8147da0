import { ParleyError } from '@parley/contracts';
import type { Bus, Clock, Health, Logger, Metrics } from '@parley/service-kit';
import type { Foundation } from './foundation.ts';
import type { Services } from './graphql/services.ts';
import type { BackgroundScope, JobSender } from './module.ts';
import { modules } from './modules/index.ts';
import { wholeEvents } from './modules/messages/whole-events.ts';
import { type Consumers, createConsumers } from './platform/consumers/consumers.ts';
import type { Consumer } from './platform/consumers/define-consumer.ts';
import type { Job } from './platform/job-queue/define-job.ts';
import { createJobQueue, type JobQueue } from './platform/job-queue/job-queue.ts';

/** Consumers or jobs, or how they are made from what the node has. */
export type Defined<Definition> = readonly Definition[] | ((scope: BackgroundScope<Services>) => readonly Definition[]);

export interface BackgroundDependencies {
  readonly foundation: Foundation;
  readonly services: Services;
  /** Besides those of the modules. */
  readonly consumers: Defined<Consumer>;
  /** Besides those of the modules. */
  readonly jobs: Defined<Job>;
  readonly databaseUrl: string;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Pick<Health, 'warn'>;
  readonly leaseMs: number;
}

/** The durable consumers and the jobs of one node. */
export interface Background {
  readonly jobs: Pick<JobQueue, 'send' | 'dead' | 'retryDead'>;
  /** @throws unavailable */
  start(): Promise<void>;
  /** Harmless when repeated. */
  stopConsumers(): Promise<void>;
  /** Harmless when repeated. */
  stopJobs(): Promise<void>;
}

/**
 * Makes the consumers and jobs of the modules and of the embedder. They are made before the queue that they send to, so what they send while the node
 * starts waits for it.
 * @throws invalid_input when two have one name
 */
export function createBackground(dependencies: BackgroundDependencies): Background {
  const { foundation, services, databaseUrl, clock, logger, metrics } = dependencies;
  const started = Promise.withResolvers<void>();
  // Whoever waits for it hears of it.
  started.promise.catch(() => undefined);

  const send: JobSender['send'] = async (kind, input, options) => {
    await started.promise;
    const job = jobs.find(({ name }) => name === kind.name);
    if (job === undefined) throw invalid(`unable to send a job; this node has none of the name ${kind.name}`);
    return await queue.send(job, input, options);
  };
  const scope: BackgroundScope<Services> = { foundation, services, jobs: { send } };
  const jobs = distinct('jobs', [...modules.jobs(scope), ...listOf(dependencies.jobs, scope)]);
  const defined = distinct('consumers', [...modules.consumers(scope), ...listOf(dependencies.consumers, scope)]);

  const queue = createJobQueue({ jobs, databaseUrl, clock, logger, metrics });
  const consumers: Consumers = createConsumers({
    ...dependencies,
    consumers: defined,
    sql: foundation.db,
    wholeEvents,
  });
  if (defined.length > 0) foundation.onPublished(consumers.changed);

  return {
    jobs: queue,
    async start() {
      await queue.start();
      started.resolve();
      await consumers.start();
    },
    stopConsumers: consumers.stop,
    stopJobs() {
      // Of a node that never started.
      started.reject(
        new ParleyError('unavailable', 'unable to send a job; the node is closed', { retryAfterMs: 1_000 }),
      );
      return queue.stop();
    },
  };
}

const listOf = <Definition>(defined: Defined<Definition>, scope: BackgroundScope<Services>): readonly Definition[] =>
  typeof defined === 'function' ? defined(scope) : defined;

/** Two of one name would share cursors, or a queue. */
function distinct<Definition extends { readonly name: string }>(
  what: string,
  all: Definition[],
): readonly Definition[] {
  const names = new Set<string>();
  for (const { name } of all) {
    if (names.has(name)) throw invalid(`unable to start; two ${what} have the name ${name}`);
    names.add(name);
  }
  return all;
}

const invalid = (why: string) => new ParleyError('invalid_input', why, { field: 'name' });
