import { ParleyError } from '@parley/contracts';
import type { Clock, Logger, Metrics } from '@parley/service-kit';
import type { JobWithMetadata as Piece } from 'pg-boss';
import { runHandler } from '../run-handler.ts';
import type { Job } from './define-job.ts';

export interface AttemptDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'counter'>;
  /** Aborts when the node stops. */
  readonly stopping: AbortSignal;
  /** Puts a piece back into the queue without counting the attempt. */
  handBack(job: Job, piece: Piece): Promise<void>;
}

/** How an attempt ends that did not do its work. `lost`: the piece is no longer this worker's, by a heartbeat that came too late. */
type Fault = 'failed' | 'timed_out' | 'interrupted' | 'lost';

interface Handling {
  /** `abandoned`: the handler ignored its signal, and the worker went on without it. */
  state: 'waiting' | 'running' | 'settled' | 'abandoned';
  signal?: AbortSignal;
}

/**
 * Makes one attempt at a piece. The attempt settles within the time of the job and five seconds more, whatever the handler does, so that no handler keeps
 * its worker. It rejects when the piece is to be tried again.
 */
export function createAttempt({ clock, logger, metrics, stopping, handBack }: AttemptDependencies) {
  const attempts = metrics.counter({
    name: 'parley_job_attempts_total',
    help: 'Attempts at a piece of background work on this node, by how they ended.',
    labels: ['job', 'outcome'],
  });

  const faultOf = ({ signal }: Handling, error: unknown): Fault => {
    if (signal !== undefined && !signal.aborted) return 'failed';
    if (error instanceof ParleyError && error.code === 'timeout') return 'timed_out';
    return stopping.aborted ? 'interrupted' : 'lost';
  };

  return async (job: Job, piece: Piece): Promise<void> => {
    const { id, data, retryCount, retryLimit } = piece;
    const about = { job: job.name, id, attempt: retryCount + 1 };
    const handling: Handling = { state: 'waiting' };
    const wasAbandoned = () => handling.state === 'abandoned';

    const handle = async (signal: AbortSignal) => {
      handling.signal = signal;
      handling.state = 'running';
      try {
        await job.work(job.schema.parse(data), { id, attempt: about.attempt, signal });
        if (wasAbandoned()) logger.warn(about, 'an abandoned queued job ended after all');
      } catch (error) {
        if (wasAbandoned()) logger.warn({ err: error, ...about }, 'an abandoned queued job failed after all');
        throw error;
      } finally {
        handling.state = 'settled';
      }
    };

    const log = (fault: Fault, error: unknown) => {
      const details = { err: error, ...about, abandoned: wasAbandoned() };
      if (fault === 'interrupted') return logger.info(details, 'a queued job was interrupted; it is started again');
      if (fault === 'lost') return logger.warn(details, 'a queued job was taken from its worker; it is tried again');
      const what = fault === 'failed' ? 'a queued job failed' : 'a queued job took too long';
      if (retryCount < retryLimit) logger.warn(details, `${what}; it is tried again`);
      else logger.error(details, `${what}; it was the last attempt, so it is a dead letter`);
    };

    const timeoutMs = job.timeoutSeconds * 1_000;
    try {
      await runHandler({ clock, timeoutMs, task: 'do the job', signals: [piece.signal, stopping] }, handle);
      attempts.inc({ job: job.name, outcome: 'done' });
    } catch (error) {
      if (handling.state === 'running') handling.state = 'abandoned';
      const fault = faultOf(handling, error);
      attempts.inc({ job: job.name, outcome: fault });
      log(fault, error);
      if (fault === 'interrupted')
        await handBack(job, piece).catch((cause: unknown) =>
          logger.warn({ err: cause, ...about }, 'unable to hand back a queued job; the attempt counts'),
        );
      throw error;
    }
  };
}
