import { ParleyError } from '@parley/contracts';
import type { Clock, Logger, Metrics } from '@parley/service-kit';
import { type Db as BossDb, PgBoss } from 'pg-boss';
import { databaseFault } from '../database-fault.ts';
import { createJobs } from '../jobs.ts';
import { handlerSettleMs } from '../run-handler.ts';
import type { Sql } from '../sql.ts';
import { createAttempt } from './attempt.ts';
import type { Job } from './define-job.ts';
import { handBack } from './hand-back.ts';
import { deadQueue, openQueue, startWorkers } from './open-queue.ts';
import { jobSchema } from './schema.ts';
import { sendOnce } from './send-once.ts';

/** How a piece of work is sent. */
export interface SendOptions {
  /** The transaction that it belongs to: rolled back, there is no such piece. Never that of a message: its NOTIFY would slow down all sends. */
  readonly sql?: Sql;
  /** Not before so many seconds have passed. */
  readonly afterSeconds?: number;
  /**
   * While a piece of this key waits, for its first attempt or a later one, no further one is taken. One that is in hand does not wait. 1 to 200 characters.
   * In a transaction it keeps other sends of the key waiting until that ends.
   */
  readonly key?: string;
}

/** Something that failed in every attempt. */
export interface DeadJob {
  readonly id: string;
  readonly input: object;
  /** ISO 8601. */
  readonly failedAt: string;
}

/** The background work of one node. */
export interface JobQueue {
  /** Makes the queues and starts to work. Without a job it does nothing at all. @throws unavailable */
  start(): Promise<void>;
  /** Resolves once it is stored, with its id; null: one of its key waits already. @throws invalid_input, unavailable */
  send<Input extends object>(job: Job<Input>, input: Input, options?: SendOptions): Promise<string | null>;
  /** The oldest ones, `limit` from 1 to 1,000. @throws invalid_input, unavailable */
  dead(job: Pick<Job, 'name'>, limit: number): Promise<readonly DeadJob[]>;
  /** Has the oldest dead ones tried again, `limit` from 1 to 1,000; resolves with the count of them. @throws invalid_input, unavailable */
  retryDead(job: Pick<Job, 'name'>, limit: number): Promise<number>;
  /**
   * Takes no more work, aborts the signals of work in hand and lets it end, for up to five seconds; it may send until then. What does not end is handed
   * back, and the attempt does not count. Harmless when repeated.
   */
  stop(): Promise<void>;
}

export interface JobQueueDependencies {
  readonly jobs: readonly Job[];
  /** Connection string of PostgreSQL. */
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** For all queues of a node together; one more listens. */
const connections = 4;
const superviseSeconds = 10;
/** For work in hand to end, and to write how it ended. */
const stopMs = handlerSettleMs + 2_000;
const countEveryMs = 10_000;
const longestKey = 200;
const mostDead = 1_000;

/** Composes the job queue of a node, on pg-boss: https://github.com/timgit/pg-boss */
export function createJobQueue({ jobs, databaseUrl, clock, logger, metrics }: JobQueueDependencies): JobQueue {
  const recurring = createJobs({ clock, logger });
  const stopping = new AbortController();
  let boss: PgBoss | undefined;
  let stopped: Promise<void> | undefined;
  let counts: readonly { readonly name: string; readonly waiting: number; readonly dead: number }[] = [];

  const started = (): PgBoss => {
    if (boss === undefined) throw notRunning();
    return boss;
  };
  /** Asks pg-boss; what fails because it stopped meanwhile fails like what comes later. */
  const ask = async <T>(what: (boss: PgBoss) => Promise<T>): Promise<T> => {
    try {
      return await what(started());
    } catch (error) {
      throw boss === undefined ? notRunning(error) : databaseFault(error);
    }
  };

  const count = async () => {
    const queues = await started().getQueues(jobs.flatMap((job) => [job.name, deadQueue(job)]));
    const of = (wanted: string) => queues.find(({ name }) => name === wanted);
    counts = jobs.map((job) => ({
      name: job.name,
      waiting: of(job.name)?.queuedCount ?? 0,
      dead: of(deadQueue(job))?.queuedCount ?? 0,
    }));
  };

  const showCounts = () => {
    metrics.gauge({
      name: 'parley_jobs_waiting',
      help: 'Pieces of background work that wait, of all nodes together, as of some seconds ago.',
      labels: ['job'],
      collect: (gauge) => {
        for (const { name, waiting } of counts) gauge.set({ job: name }, waiting);
      },
    });
    metrics.gauge({
      name: 'parley_jobs_dead',
      help: 'Pieces of background work that failed in every attempt, as of some seconds ago.',
      labels: ['job'],
      collect: (gauge) => {
        for (const { name, dead } of counts) gauge.set({ job: name }, dead);
      },
    });
  };

  return {
    async start() {
      if (jobs.length === 0) return;
      const own = new PgBoss({
        connectionString: databaseUrl,
        application_name: 'parley-jobs',
        schema: jobSchema,
        max: connections,
        useListenNotify: true,
        schedule: false,
        registerInstance: false,
        superviseIntervalSeconds: superviseSeconds,
        monitorIntervalSeconds: superviseSeconds,
      });
      // Without a listener an error would end the process. What failed is tried again.
      own.on('error', (error) => logger.warn({ err: error }, 'the job queue failed at something; it is tried again'));
      own.on('warning', ({ message, data }) => logger.warn({ about: data }, `the job queue warns: ${message}`));
      const attempt = createAttempt({
        clock,
        logger,
        metrics,
        stopping: stopping.signal,
        handBack: ({ name }, piece) => handBack(own.getDb(), name, piece),
      });
      try {
        await own.start();
        for (const job of jobs) await openQueue(own, job);
        // Before there is a worker, so that work in hand may send.
        boss = own;
        for (const job of jobs) await startWorkers(own, job, attempt);
      } catch (error) {
        boss = undefined;
        await own.stop({ graceful: false }).catch(() => undefined);
        throw databaseFault(error);
      }
      showCounts();
      recurring.every('count what waits in the job queue', countEveryMs, count);
    },
    async send(job, input, { sql, afterSeconds, key } = {}) {
      const parsed = job.schema.safeParse(input);
      if (!parsed.success) throw refused(job.name, parsed.error.issues[0]);
      if (key !== undefined && (key === '' || key.length > longestKey)) throw badKey(job.name);
      const options = {
        ...(sql === undefined ? {} : { db: databaseOf(sql) }),
        ...(afterSeconds === undefined ? {} : { startAfter: afterSeconds }),
      };
      return await ask((own) =>
        key === undefined
          ? own.send(job.name, parsed.data, options)
          : sendOnce(own, job.name, parsed.data, { ...options, key }),
      );
    },
    async dead(job, limit) {
      checkLimit(limit);
      const found = await ask((own) => own.findJobs<object>(deadQueue(job), { queued: true, limit }));
      return found.map(({ id, data, createdOn }) => ({ id, input: data, failedAt: createdOn.toISOString() }));
    },
    async retryDead(job, limit) {
      checkLimit(limit);
      return await ask((own) => own.redrive(deadQueue(job), { limit }));
    },
    stop() {
      stopped ??= (async () => {
        const own = boss;
        // First of all, so that no worker takes a piece only to hand it back.
        if (own !== undefined) await Promise.all(jobs.map(({ name }) => own.offWork(name, { wait: false })));
        stopping.abort();
        await recurring.stop();
        try {
          await own?.stop({ graceful: true, timeout: stopMs });
        } finally {
          boss = undefined;
        }
      })();
      return stopped;
    },
  };
}

const notRunning = (cause?: unknown) =>
  new ParleyError('unavailable', 'unable to use the job queue; it is not running', { retryAfterMs: 1_000, cause });

/** A transaction of the platform, as pg-boss takes one. */
const databaseOf = (sql: Sql): BossDb => ({
  executeSql: async (text, values = []) => ({ rows: await sql.query(text, values) }),
});

function refused(name: string, issue: { readonly path: PropertyKey[]; readonly message: string } | undefined) {
  const field = issue?.path.map(String).join('.') ?? '';
  return new ParleyError('invalid_input', `unable to send a job to ${name}; ${field}: ${issue?.message}`, { field });
}

function badKey(name: string) {
  const why = `key has to be 1 to ${longestKey} characters`;
  return new ParleyError('invalid_input', `unable to send a job to ${name}; ${why}`, {
    field: 'key',
    limit: longestKey,
  });
}

function checkLimit(limit: number) {
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostDead) return;
  const why = `limit has to be a whole number from 1 to ${mostDead}`;
  throw new ParleyError('invalid_input', `unable to read dead jobs; ${why}`, { field: 'limit', limit: mostDead });
}
