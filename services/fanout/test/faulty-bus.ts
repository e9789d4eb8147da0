import { ParleyError } from '@parley/contracts';
import type { Bus } from '@parley/service-kit';

/** A bus whose connection the test cuts and heals. */
export interface FaultyBus extends Bus {
  cut(): void;
  heal(): void;
}

export function faultyBus(inner: Bus): FaultyBus {
  const listeners = new Set<(connected: boolean) => void>();
  let up = true;
  const away = () => new ParleyError('unavailable', 'unable to reach the bus; the test cut it');
  const turn = (connected: boolean) => {
    up = connected;
    for (const listener of listeners) listener(connected);
  };
  return {
    get connected() {
      return up && inner.connected;
    },
    cut: () => turn(false),
    heal: () => turn(true),
    publish: (subject, payload) => (up ? inner.publish(subject, payload) : Promise.reject(away())),
    subscribe: (subject, handler, options) =>
      inner.subscribe(subject, (payload) => (up ? handler(payload) : undefined), options),
    request: (subject, payload, options) => (up ? inner.request(subject, payload, options) : Promise.reject(away())),
    respond: (subject, queue, handler) => inner.respond(subject, queue, handler),
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => inner.close(),
  };
}
