import type { Bus } from '@parley/service-kit';

/** A bus that can be said to be back although its connection never knew that it was away. */
export interface MendedBus extends Bus {
  /** Copies were lost without a sign, and now they come again: whoever asks for what it missed after a loss does so now. */
  mended(): void;
}

export function mendedBus(bus: Bus): MendedBus {
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
      const undo = bus.onStatus(own);
      return () => {
        listeners.delete(own);
        undo();
      };
    },
    close: () => bus.close(),
    mended() {
      for (const listener of listeners) listener(true);
    },
  };
}
