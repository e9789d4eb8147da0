export { freePort } from '@parley/local-postgres';
export type { Clock, FakeClock } from './clock.ts';
export { fakeClock } from './clock.ts';
export type { CreateDatabaseOptions, TestDatabase } from './database.ts';
export { createDatabase, templateDatabase } from './database.ts';

export type { NatsServer, StartNatsOptions } from './nats.ts';
export { startNats } from './nats.ts';
export type { StartTcpProxyOptions, TcpProxy } from './tcp-proxy.ts';
export { startTcpProxy } from './tcp-proxy.ts';
export type { RequiredTool, Tool } from './tools.ts';
export {
  findChromium,
  findTool,
  hasChromium,
  hasNats,
  requireTool,
} from './tools.ts';
export { uniqueId } from './unique-id.ts';
