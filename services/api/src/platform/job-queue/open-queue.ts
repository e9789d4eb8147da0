import type { PgBoss, JobWithMetadata as Piece } from 'pg-boss';
import type { Job } from './define-job.ts';

const longestRetrySeconds = 3_600;
/** NOTIFY wakes workers at once; by polling they find what waits to be tried again. */
const pollSeconds = 2;
/** A worker that was killed is noticed after so long. */
const heartbeatSeconds = 10;
/** Beyond the time of an attempt, which the node itself ends; pg-boss does where the node could not. */
const backstopSeconds = 10;
const keptSeconds = { waiting: 14 * 86_400, done: 3_600, dead: 30 * 86_400 };

/** Name of the queue of what failed in every attempt. */
export const deadQueue = ({ name }: Pick<Job, 'name'>): string => `${name}.dead`;

/** Makes the queues of a job, or gives those that are there the options of this version. */
export async function openQueue(boss: PgBoss, job: Job): Promise<void> {
  const changeable = {
    retentionSeconds: keptSeconds.waiting,
    deleteAfterSeconds: keptSeconds.done,
    retryLimit: job.retryLimit,
    retryDelay: job.retrySeconds,
    retryBackoff: true,
    expireInSeconds: job.timeoutSeconds + backstopSeconds,
    deadLetter: deadQueue(job),
    notify: true,
  };
  await boss.createQueue(deadQueue(job), { retentionSeconds: keptSeconds.dead });
  await boss.createQueue(job.name, { ...changeable, heartbeatSeconds, retryDelayMax: longestRetrySeconds });
  await boss.updateQueue(job.name, changeable);
}

/** Starts as many workers as the job allows at once. */
export async function startWorkers(boss: PgBoss, job: Job, attempt: (job: Job, piece: Piece) => Promise<void>) {
  const polling = { pollingIntervalSeconds: pollSeconds, notifyPollingIntervalSeconds: pollSeconds };
  const startWorker = async () => {
    const worker = await boss.work(
      job.name,
      { batchSize: 1, includeMetadata: true, ...polling },
      async ([piece]: Piece[]) => {
        try {
          if (piece !== undefined) await attempt(job, piece);
        } finally {
          // A worker takes one piece and then waits to be notified of the next; of jobs that wait already it was notified before.
          boss.notifyWorker(worker);
        }
      },
    );
  };
  for (let count = 0; count < job.concurrency; count += 1) await startWorker();
}
