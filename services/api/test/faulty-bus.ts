import { ParleyError } from '@parley/contracts';
import { type Bus, createMemoryBus } from '@parley/service-kit';

/** A bus in memory that a test can break. */
export interface FaultyBus extends Bus {
  /** As if the connection were lost: publishing rejects. */
  lose(): void;
  /** Publishing neither succeeds nor fails, as for a process that dies before it does. */
  hang(): void;
  heal(): void;
  /** Runs before each publish, while it is not broken. */
  beforePublish: (subject: string) => Promise<void>;
}

export function createFaultyBus(inner: Bus = createMemoryBus()): FaultyBus {
  let fault: 'none' | 'lost' | 'hanging' = 'none';
  return {
    beforePublish: async () => undefined,
    get connected() {
      return fault !== 'lost';
    },
    async publish(subject, payload) {
      if (fault === 'lost') throw new ParleyError('unavailable', 'unable to publish; the bus is away');
      if (fault === 'hanging') await new Promise(() => undefined);
      await this.beforePublish(subject);
      await inner.publish(subject, payload);
    },
    subscribe: inner.subscribe,
    request: inner.request,
    respond: inner.respond,
    onStatus: inner.onStatus,
    close: inner.close,
    lose() {
      fault = 'lost';
    },
    hang() {
      fault = 'hanging';
    },
    heal() {
      fault = 'none';
    },
  };
}
