export type { Api, ApiOptions } from './api.ts';
export { createApi } from './api.ts';
export { envSchema } from './env.ts';
export type { ApiKey, AppEnvironment, AppRecord, AppsService, CreateAppInput } from './modules/apps/service.ts';
export { migrate } from './platform/migrate.ts';
