import type { Bus } from '@parley/service-kit';

/** A bus that others can report as recovered, although its connection never noticed a loss. */
export interface RecoveringBus extends Bus {
  /** Copies were lost without a sign and arrive again: every listener for the return of the bus refetches what it missed. */
  recovered(): void;
}

export function recoveringBus(bus: Bus): RecoveringBus {
  const listeners = new Set<(connected: boolean) => void>();
  return {
    get connected() {
      return bus.connected;
    },
    publish: (subject, payload) => bus.publish(subject, payload),
    subscribe: (subject, handler, options) => bus.subscribe(subject, handler, options),
    request: (subject, payload, options) => bus.request(subject, payload, options),
    respond: (subject, queue, handler) => bus.respond(subject, queue, handler),
    onStatus(listener) {
      const own = (connected: boolean) => listener(connected);
      listeners.add(own);
      const unsubscribe = bus.onStatus(own);
      return () => {
        listeners.delete(own);
        unsubscribe();
      };
    },
    close: () => bus.close(),
    recovered() {
      for (const listener of listeners) listener(true);
    },
  };
}
