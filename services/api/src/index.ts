export type { Api, ApiOptions } from './api.ts';
export { createApi } from './api.ts';
export { envSchema } from './env.ts';
export type { BackgroundScope, JobSender } from './module.ts';
export type { ApiKey, AppEnvironment, AppRecord, AppsService, CreateAppInput } from './modules/apps/service.ts';
export type {
  ConsumedBatch,
  Consumer,
  ConsumerOptions,
  HandleContext,
  MissedEvents,
} from './platform/consumers/define-consumer.ts';
export { defineConsumer } from './platform/consumers/define-consumer.ts';
export type { Job, JobContext, JobOptions } from './platform/job-queue/define-job.ts';
export { defineJob } from './platform/job-queue/define-job.ts';
export { migrate } from './platform/migrate.ts';
