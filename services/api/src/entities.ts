import { apiKeys, apps, organisations } from './modules/apps/entity.ts';

/** Tables that are read and written as entities; the hot ones are reached by plain SQL in their repositories. */
export const entities = [organisations, apps, apiKeys] as const;
