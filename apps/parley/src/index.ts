export type { DevOptions } from './commands/dev-options.ts';
export type { DevPlatform } from './dev/start-dev.ts';
export { startDev } from './dev/start-dev.ts';
