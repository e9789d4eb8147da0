import { ParleyError } from '@parley/contracts';
import type { Clock, Logger, Metrics } from '@parley/service-kit';
import { type Db as BossDb, PgBoss, type Job as Piece } from 'pg-boss';
import { databaseFault } from '../database-fault.ts';
import { createJobs } from '../jobs.ts';
import type { Sql } from '../sql.ts';
import type { Job } from './define-job.ts';

/** How a piece of work is sent. */
export interface SendOptions {
  /** The transaction that it belongs to: rolled back, there is no such piece. Never that of a message: its NOTIFY would slow down all sends. */
  readonly sql?: Sql;
  /** Not before so many seconds have passed. */
  readonly afterSeconds?: number;
  /** While a piece of this key waits, no further one is taken. */
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
  /** The oldest ones. @throws unavailable */
  dead(job: Pick<Job, 'name'>, limit: number): Promise<readonly DeadJob[]>;
  /** Has dead ones tried again; resolves with the count of them. @throws unavailable */
  retryDead(job: Pick<Job, 'name'>, limit: number): Promise<number>;
  /** Lets work in hand end, for up to five seconds. Harmless when repeated. */
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

/** Of its own, so that its tables and those of the platform do not meet. */
const schema = 'parley_jobs';
/** For all queues of a node together; one more listens. */
const connections = 4;
const longestRetrySeconds = 3_600;
/** NOTIFY wakes workers at once; by polling they find what waits to be tried again. */
const pollSeconds = 2;
/** A worker that was killed is noticed after so long. */
const heartbeatSeconds = 10;
const superviseSeconds = 10;
const stopMs = 5_000;
const countEveryMs = 10_000;
const keptSeconds = { waiting: 14 * 86_400, done: 3_600, dead: 30 * 86_400 };

const deadQueue = ({ name }: Pick<Job, 'name'>) => `${name}.dead`;

/** Composes the job queue of a node, on pg-boss: https://github.com/timgit/pg-boss */
export function createJobQueue({ jobs, databaseUrl, clock, logger, metrics }: JobQueueDependencies): JobQueue {
  const recurring = createJobs({ clock, logger });
  const attempts = metrics.counter({
    name: 'parley_job_attempts_total',
    help: 'Attempts at a piece of background work on this node, by how they ended.',
    labels: ['job', 'outcome'],
  });
  let boss: PgBoss | undefined;
  let stopped: Promise<void> | undefined;
  let counts: readonly { readonly name: string; readonly waiting: number; readonly dead: number }[] = [];

  const started = (): PgBoss => {
    if (boss === undefined || stopped !== undefined)
      throw new ParleyError('unavailable', 'unable to use the job queue; it is not running', { retryAfterMs: 1_000 });
    return boss;
  };

  const work = async (job: Job, { id, data, retryCount, signal }: Piece) => {
    const about = { job: job.name, id, attempt: retryCount + 1 };
    try {
      await job.work(job.schema.parse(data), { id, attempt: retryCount + 1, signal });
      attempts.inc({ job: job.name, outcome: 'done' });
    } catch (error) {
      attempts.inc({ job: job.name, outcome: 'failed' });
      if (retryCount < job.retryLimit) logger.warn({ err: error, ...about }, 'a job failed; it is tried again');
      else logger.error({ err: error, ...about }, 'a job failed too often; it is a dead letter');
      throw error;
    }
  };

  const open = async (own: PgBoss, job: Job) => {
    const kept = { retentionSeconds: keptSeconds.waiting, deleteAfterSeconds: keptSeconds.done };
    const options = {
      ...kept,
      retryLimit: job.retryLimit,
      retryDelay: job.retrySeconds,
      retryBackoff: true,
      retryDelayMax: longestRetrySeconds,
      expireInSeconds: job.timeoutSeconds,
      heartbeatSeconds,
      deadLetter: deadQueue(job),
      notify: true,
    };
    await own.createQueue(deadQueue(job), { retentionSeconds: keptSeconds.dead });
    await own.createQueue(job.name, options);
    // One that was there before has the options of another version.
    const { heartbeatSeconds: _, retryDelayMax: __, ...changeable } = options;
    await own.updateQueue(job.name, changeable);
    const polling = { pollingIntervalSeconds: pollSeconds, notifyPollingIntervalSeconds: pollSeconds };
    const startWorker = async () => {
      const worker = await own.work<object>(job.name, { batchSize: 1, ...polling }, async ([piece]) => {
        try {
          if (piece !== undefined) await work(job, piece);
        } finally {
          // A worker takes one piece and then waits to be notified of the next; of jobs that wait already it was notified before.
          own.notifyWorker(worker);
        }
      });
    };
    for (let count = 0; count < job.concurrency; count += 1) await startWorker();
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
        schema,
        max: connections,
        useListenNotify: true,
        schedule: false,
        registerInstance: false,
        superviseIntervalSeconds: superviseSeconds,
        monitorIntervalSeconds: superviseSeconds,
      });
      // Without a listener an error would end the process. What failed is tried again.
      own.on('error', (error) => logger.warn({ err: error }, 'the job queue failed at something; it is tried again'));
      try {
        await own.start();
        for (const job of jobs) await open(own, job);
      } catch (error) {
        await own.stop({ graceful: false }).catch(() => undefined);
        throw databaseFault(error);
      }
      boss = own;
      showCounts();
      recurring.every('count what waits in the job queue', countEveryMs, count);
    },
    async send(job, input, { sql, afterSeconds, key } = {}) {
      const parsed = job.schema.safeParse(input);
      if (!parsed.success) throw refused(job.name, parsed.error.issues[0]);
      return await started()
        .send(job.name, parsed.data, {
          ...(sql === undefined ? {} : { db: databaseOf(sql) }),
          ...(afterSeconds === undefined ? {} : { startAfter: afterSeconds }),
          ...(key === undefined ? {} : { singletonKey: key }),
        })
        .catch((error: unknown) => {
          throw databaseFault(error);
        });
    },
    async dead(job, limit) {
      const found = await started().findJobs<object>(deadQueue(job), { queued: true });
      return found
        .toSorted((one, other) => one.createdOn.getTime() - other.createdOn.getTime())
        .slice(0, limit)
        .map(({ id, data, createdOn }) => ({ id, input: data, failedAt: createdOn.toISOString() }));
    },
    retryDead: (job, limit) => started().redrive(deadQueue(job), { limit }),
    stop() {
      stopped ??= (async () => {
        await recurring.stop();
        await boss?.stop({ graceful: true, timeout: stopMs });
      })();
      return stopped;
    },
  };
}

/** A transaction of the platform, as pg-boss takes one. */
const databaseOf = (sql: Sql): BossDb => ({
  executeSql: async (text, values = []) => ({ rows: await sql.query(text, values) }),
});

function refused(name: string, issue: { readonly path: PropertyKey[]; readonly message: string } | undefined) {
  const field = issue?.path.map(String).join('.') ?? '';
  return new ParleyError('invalid_input', `unable to send a job to ${name}; ${field}: ${issue?.message}`, { field });
}
