import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { type Deferred, deferred } from '../deferred.ts';
import type { Logger } from '../logger.ts';
import type { BusSubscription } from './bus.ts';
import { busClosed, busDisconnected } from './bus-errors.ts';

interface Entry {
  readonly subject: string;
  readonly queue: string | undefined;
  readonly receive: (message: Msg) => void;
  readonly ready: Deferred<void>;
  readonly deadline: NodeJS.Timeout;
  onServer: Subscription | undefined;
}

/** The subscriptions of a bus, which outlive its connections. */
export interface NatsSubscriptions {
  add(subject: string, queue: string | undefined, receive: (message: Msg) => void): BusSubscription;
  /** Puts all of them on a fresh connection and waits until its server has them. */
  attach(connection: NatsConnection): Promise<void>;
  detach(): void;
  close(): void;
}

const readyTimeoutMs = 5_000;

export function createNatsSubscriptions(logger: Pick<Logger, 'warn'>): NatsSubscriptions {
  const entries = new Set<Entry>();
  let connection: NatsConnection | undefined;
  /** The next round trip, which has not begun. */
  let flushing: Promise<void> | undefined;
  let underWay: Promise<void> | undefined;

  const put = (entry: Entry, onto: NatsConnection) => {
    const options = entry.queue === undefined ? {} : { queue: entry.queue };
    const callback = (error: Error | null, message: Msg) => {
      if (error) logger.warn({ err: error, subject: entry.subject }, 'the bus refused a subscription');
      else entry.receive(message);
    };
    entry.onServer = onto.subscribe(entry.subject, { ...options, callback });
  };

  // Subscriptions made in one turn share one round trip, and those made during a round trip share the next: thousands may come at once.
  const flushed = (onto: NatsConnection): Promise<void> => {
    flushing ??= Promise.resolve(underWay).then(() => {
      flushing = undefined;
      const flush = onto.flush();
      underWay = flush.catch(() => undefined);
      return flush;
    });
    return flushing;
  };

  const settle = (entry: Entry) => {
    clearTimeout(entry.deadline);
    entry.ready.resolve();
  };

  const drop = (entry: Entry, why: Error) => {
    if (!entries.delete(entry)) return;
    clearTimeout(entry.deadline);
    entry.ready.reject(why);
    entry.onServer?.unsubscribe();
  };

  return {
    add(subject, queue, receive) {
      const ready = deferred();
      // Whoever does not ask whether it is ready shall not be ended by the answer.
      ready.promise.catch(() => undefined);
      const act = `subscribe to ${subject}`;
      const deadline = setTimeout(() => ready.reject(busDisconnected(act)), readyTimeoutMs);
      deadline.unref();
      const entry: Entry = { subject, queue, receive, ready, deadline, onServer: undefined };
      entries.add(entry);
      if (connection !== undefined && !connection.isClosed()) {
        put(entry, connection);
        // A connection lost meanwhile is no fault here: the next one takes the entry along.
        flushed(connection).then(
          () => settle(entry),
          () => undefined,
        );
      }
      return {
        ready: ready.promise,
        unsubscribe: () => drop(entry, busClosed(act)),
      };
    },
    async attach(fresh) {
      connection = fresh;
      const attached = [...entries];
      for (const entry of attached) put(entry, fresh);
      await fresh.flush();
      for (const entry of attached) settle(entry);
    },
    detach() {
      connection = undefined;
      for (const entry of entries) entry.onServer = undefined;
    },
    close() {
      for (const entry of [...entries]) drop(entry, busClosed(`subscribe to ${entry.subject}`));
    },
  };
}
