export type { NatsServer, StartNatsOptions } from '@parley/local-nats';
export { startNats } from '@parley/local-nats';
export { freePort } from '@parley/local-postgres';
export type { Clock, FakeClock } from './clock.ts';
export { fakeClock } from './clock.ts';
export type { CreateDatabaseOptions, TestDatabase } from './database.ts';
export { createDatabase, templateDatabase } from './database.ts';
export type {
  BusFault,
  BusFaultProfile,
  BusWay,
  CarriedBus,
  CarriedSubscription,
  FaultyBus,
} from './faulty-bus.ts';
export { createFaultyBus } from './faulty-bus.ts';
export { sendRaw } from './raw-http.ts';
export { seededRandom } from './seeded-random.ts';
export type { SmugglingForm, SmugglingParts } from './smuggling-forms.ts';
export { smugglingForms } from './smuggling-forms.ts';
export type { Nginx } from './start-nginx.ts';
export { startNginx } from './start-nginx.ts';
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
