import type { Bus } from '@parley/service-kit';

/** A bus that says it is well, and of which the test chooses what does not arrive. */
export interface DeafBus extends Bus {
  /** What comes in and is dropped. Nothing, to begin with. */
  drops: (subject: string, payload: string) => boolean;
}

/** One node's bus over one that it shares with others; closing it leaves the shared one open. */
export function deafBus(inner: Bus): DeafBus {
  return {
    drops: () => false,
    get connected() {
      return inner.connected;
    },
    publish: (subject, payload) => inner.publish(subject, payload),
    subscribe(subject, handler, options) {
      return inner.subscribe(
        subject,
        (payload) => {
          if (!this.drops(subject, payload)) handler(payload);
        },
        options,
      );
    },
    request: (subject, payload, options) => inner.request(subject, payload, options),
    respond: (subject, queue, handler) => inner.respond(subject, queue, handler),
    onStatus: (listener) => inner.onStatus(listener),
    close: async () => undefined,
  };
}
