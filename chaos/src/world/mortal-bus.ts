import { type Bus, type CreateBusOptions, createBus as createRealBus } from '@parley/service-kit';

export { createLogger, createMetrics, createShutdown, parseEnv } from '@parley/service-kit';

/** Publications of channels after which the process dies, before it gets the next one out: what that one tells of is committed. */
let left = Number(process.env['CHAOS_PUBLICATIONS'] ?? 0);
const channelSubject = /^parley\.[^.]+\.channel\./;

/** Stands in for the product's own. */
export async function createBus(options: CreateBusOptions): Promise<Bus> {
  const bus = await createRealBus(options);
  return {
    get connected() {
      return bus.connected;
    },
    async publish(subject, payload) {
      if (channelSubject.test(subject)) {
        if (left === 0) process.kill(process.pid, 'SIGKILL');
        left -= 1;
      }
      await bus.publish(subject, payload);
    },
    subscribe: bus.subscribe,
    request: bus.request,
    respond: bus.respond,
    onStatus: bus.onStatus,
    close: bus.close,
  };
}
