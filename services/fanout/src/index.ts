export type { DoctorReport, PartReport } from './canary/doctor.ts';
export type { Path } from './canary/path-table.ts';
export type { HopReport } from './canary/probe-trace.ts';
export type { Fanout, FanoutOptions } from './fanout.ts';
export { createFanout } from './fanout.ts';
export type { FanoutStats } from './fanout-stats.ts';
export { createFanoutServer } from './server.ts';
