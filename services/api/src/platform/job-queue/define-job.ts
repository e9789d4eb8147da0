import { ParleyError } from '@parley/contracts';
import type { z } from 'zod';

/** Arguments of a job besides its input. */
export interface JobContext {
  /** The same in each attempt: an idempotency key. */
  readonly id: string;
  /** 1 for the first attempt. One that a stop of the node interrupted is not counted. */
  readonly attempt: number;
  /**
   * Aborts when time is up, or when the node begins to stop. The handler has five seconds then to end: well, and the piece is done; by throwing, or not
   * at all, and the piece is tried again. A handler that ignores it is left running beside the next attempt.
   */
  readonly signal: AbortSignal;
}

/** A kind of background work, of which each piece is done at least once, by whatever node is free. */
export interface JobOptions<Input extends object> {
  /** Names its queue, so it stays for the life of the job: lower case letters, digits and dashes. */
  readonly name: string;
  /** Of what is sent; checked when it is sent and again before it is worked on, since another version may have sent it. */
  readonly schema: z.ZodType<Input>;
  /** Resolves once the piece is done. Throws to be tried again later. */
  work(input: Input, context: JobContext): Promise<void>;
  /** Pieces that a node works on at once; 2 when absent. */
  readonly concurrency?: number;
  /**
   * Further attempts after the first; 5 when absent. What fails in all of them is a dead letter. An attempt that a stop of the node interrupted does not
   * count; one that a crash of the node ended does, since the piece may be the reason of it.
   */
  readonly retryLimit?: number;
  /** Wait before the second attempt, doubled with each further one up to an hour; 5 when absent. */
  readonly retrySeconds?: number;
  /** Time for one attempt; 60 when absent. */
  readonly timeoutSeconds?: number;
}

/** A job as {@link defineJob} checked it. In a list it is a job of any input, which its schema checks before `work` sees it. */
export type Job<Input extends object = object> = Required<JobOptions<Input>>;

const bounds = {
  concurrency: [1, 64],
  retryLimit: [0, 100],
  retrySeconds: [1, 3_600],
  timeoutSeconds: [1, 3_600],
} as const;

const bounded = Object.keys(bounds) as (keyof typeof bounds)[];

/** Checks a job and fills in what it leaves out. @throws invalid_input */
export function defineJob<Input extends object>(options: JobOptions<Input>): Job<Input> {
  const job: Job<Input> = { concurrency: 2, retryLimit: 5, retrySeconds: 5, timeoutSeconds: 60, ...options };
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(job.name))
    throw invalid('name', 'name has to be 1 to 63 lower case letters, digits and dashes, and begin with a letter', 63);
  for (const field of bounded) {
    const [least, most] = bounds[field];
    if (!Number.isInteger(job[field]) || job[field] < least || job[field] > most)
      throw invalid(field, `${field} has to be a whole number from ${least} to ${most}`, most);
  }
  return job;
}

const invalid = (field: string, why: string, limit: number) =>
  new ParleyError('invalid_input', `unable to define the job; ${why}`, { field, limit });
