export { NatsMissingError, NatsStartError } from './errors.ts';
export { findProgram } from './find-program.ts';
export type { NatsRoutes, NatsSubjects, NatsUser } from './nats-config.ts';
export { natsConfig } from './nats-config.ts';
export type { NatsServer, StartNatsOptions } from './start-nats.ts';
export { findNatsServer, startNats } from './start-nats.ts';
export type { NatsAccess, StartNatsClusterOptions } from './start-nats-cluster.ts';
export { startNatsCluster } from './start-nats-cluster.ts';
