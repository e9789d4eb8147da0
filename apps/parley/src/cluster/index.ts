export type { NatsServer } from '@parley/local-nats';
export { type ClusterNode, NodeStartError } from './node.ts';
export type { NodeEnvironment, NodePlace, NodeProgram } from './nodes.ts';
export { runService, type ServiceKind, type ServiceProcess } from './service-process.ts';
export { type Cluster, type ClusterOptions, startCluster } from './start-cluster.ts';
export type { ClusterLine } from './start-cluster-platform.ts';
