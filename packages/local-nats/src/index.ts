export { NatsMissingError, NatsStartError } from './errors.ts';
export { findProgram } from './find-program.ts';
export type { NatsServer, StartNatsOptions } from './start-nats.ts';
export { findNatsServer, startNats } from './start-nats.ts';
export { startNatsCluster } from './start-nats-cluster.ts';
