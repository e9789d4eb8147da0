export type { Fanout, FanoutOptions } from './fanout.ts';
export { createFanout } from './fanout.ts';
export type { FanoutStats } from './fanout-stats.ts';
export { createFanoutServer } from './server.ts';
