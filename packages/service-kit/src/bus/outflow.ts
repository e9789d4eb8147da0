import type { NatsConnection } from '@nats-io/transport-node';
import { ParleyError } from '@parley/contracts';

/** Published but not yet known to have reached the server: from here on the server is asked, and past twice as much nothing more is taken. */
const askAfter = 8 * 1024 * 1024;

/** Bounds what waits in this process for a server that reads too slowly. */
export interface Outflow {
  /** Adds a payload of `size` code units. @throws unavailable when too much is waiting */
  count(connection: Pick<NatsConnection, 'flush'>, size: number): void;
  /** A fresh connection has nothing waiting. */
  reset(): void;
}

export function createOutflow(limit = askAfter): Outflow {
  let waiting = 0;
  let asked: Promise<void> | undefined;
  return {
    count(connection, size) {
      if (waiting > 2 * limit)
        throw new ParleyError('unavailable', 'unable to publish; the bus server takes messages too slowly');
      waiting += size;
      if (waiting <= limit || asked !== undefined) return;
      const before = waiting;
      const done = (taken: number) => {
        if (asked !== question) return;
        asked = undefined;
        waiting -= taken;
      };
      const question = connection.flush().then(
        () => done(before),
        () => done(0),
      );
      asked = question;
    },
    reset() {
      waiting = 0;
      asked = undefined;
    },
  };
}
