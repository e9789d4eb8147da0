import { randomUUID } from 'node:crypto';
import { type Clock, createLogger, createMetrics, systemClock } from '@parley/service-kit';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { defineJob, type Job, type JobContext, type JobOptions } from '../src/platform/job-queue/define-job.ts';
import { createJobQueue } from '../src/platform/job-queue/job-queue.ts';
import type { Sql } from '../src/platform/sql.ts';
import { eventually } from './eventually.ts';

export interface Greeting {
  readonly name: string;
}

/** A job of a queue of its own, with what it did and in which attempts. */
export function greet(options: Partial<JobOptions<Greeting>> = {}) {
  const done: string[] = [];
  const contexts: JobContext[] = [];
  const job = defineJob<Greeting>({
    name: `greet-${randomUUID()}`,
    schema: z.object({ name: z.string().min(1) }),
    retrySeconds: 1,
    ...options,
    async work(input, context) {
      contexts.push(context);
      await options.work?.(input, context);
      done.push(input.name);
    },
  });
  return { job, done, contexts };
}

export interface StartQueueOptions {
  readonly databaseUrl: string;
  readonly jobs: readonly Job<Greeting>[];
  readonly clock?: Clock;
}

/** The queue of one node, which stops with the test at the latest. */
export async function startQueue({ databaseUrl, jobs, clock = systemClock }: StartQueueOptions) {
  const metrics = createMetrics('api');
  const logged: string[] = [];
  const write = (line: string) => {
    const entry: { msg: string } = JSON.parse(line);
    logged.push(entry.msg);
  };
  const logger = createLogger({ service: 'api', stream: { write } });
  const queue = createJobQueue({ jobs, databaseUrl, clock, logger, metrics });
  await queue.start();
  onTestFinished(() => queue.stop());
  return { ...queue, metrics, logged };
}

/** Settles when the test says so. */
export function gate() {
  let open: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { opened, open: () => open(), fail: (error: Error) => fail(error) };
}

/** Rejects once the signal aborts, as a handler that heeds it does. */
export const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('saved what there was')), { once: true });
  });

/** Ends the connection of a job queue that waits for a lock, once there is one. */
export const killWhoWaits = (sql: Sql) =>
  eventually(async () => {
    const killed = await sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'parley-jobs' AND wait_event_type = 'Lock'`,
    );
    expect(killed).toHaveLength(1);
  });
