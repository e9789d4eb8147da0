import { ParleyError } from '@parley/contracts';
import { createBusFaults } from './bus-faults.ts';

/** A subscription of a {@link CarriedBus}. */
export interface CarriedSubscription {
  readonly ready: Promise<void>;
  unsubscribe(): void;
}

/** The bus as the services see it; the real ones are in `@parley/service-kit`. */
export interface CarriedBus {
  readonly connected: boolean;
  publish(subject: string, payload: string): Promise<void>;
  subscribe(
    subject: string,
    handler: (payload: string) => void,
    options?: { readonly queue?: string },
  ): CarriedSubscription;
  request(subject: string, payload: string, options: { readonly timeoutMs: number }): Promise<string>;
  respond(subject: string, queue: string, handler: (payload: string) => Promise<string>): CarriedSubscription;
  onStatus(listener: (connected: boolean) => void): () => void;
  close(): Promise<void>;
}

/** Faults of copies on one way; each a probability from 0 to 1 of one copy. */
export interface BusWay {
  readonly loss?: number;
  /** The copy arrives, and once more later on. */
  readonly duplication?: number;
  /** The copy is held back while later ones pass it. */
  readonly reordering?: number;
}

/** Fault profile of the bus; omitted faults do not happen. */
export interface BusFaultProfile {
  /** Gives numbers from 0 to below 1, such as `seededRandom(7)`. */
  readonly random: () => number;
  /** To what this side publishes: nobody gets a copy that is lost. */
  readonly out?: BusWay;
  /** To each copy that arrives at a subscription of this side, for each by itself. */
  readonly in?: BusWay;
  /** Says which messages go through whatever the profile, such as those that may be lost without harm. */
  readonly spares?: (payload: string) => boolean;
  /** Of the requests of this side, lost on the way there or on the way back; they run into their deadline. */
  readonly requestLoss?: number;
  /** How long a copy is held back, ms from and below. Default: 1 to 100. */
  readonly heldMs?: readonly [number, number];
}

/** A fault of one copy. */
export interface BusFault {
  readonly kind: 'lost' | 'duplicated' | 'held';
  readonly way: 'out' | 'in' | 'request';
  readonly subject: string;
  readonly payload: string;
}

/** A bus that a test breaks and heals. */
export interface FaultyBus extends CarriedBus {
  /** As if the connection were lost, as everybody on this side is notified: nothing goes out or comes in. */
  cut(): void;
  /** Publishing neither succeeds nor fails, as for a process that dies before it does. */
  hang(): void;
  /** From now on copies are lost, doubled and held back. */
  shake(faults: BusFaultProfile): void;
  /** Ends all of the above; what was held arrives. */
  heal(): void;
  /** Runs before each publish, while it is not broken. */
  beforePublish: (subject: string, payload: string) => Promise<void>;
  /** Called with every copy that a fault touched. Returns a function that unsubscribes. */
  onFault(listener: (fault: BusFault) => void): () => void;
  /** Requests of this side so far, by subject. */
  readonly requests: ReadonlyMap<string, number>;
}

/** Puts faults between one side and the bus that it uses. Faults of one side do not touch another that uses the same bus. */
export function createFaultyBus(inner: CarriedBus): FaultyBus {
  const statusListeners = new Set<(connected: boolean) => void>();
  const faultListeners = new Set<(fault: BusFault) => void>();
  const requests = new Map<string, number>();
  const faults = createBusFaults((fault) => {
    for (const listener of faultListeners) listener(fault);
  });
  let up = true;
  let hanging = false;
  const turn = (connected: boolean) => {
    if (up === connected) return;
    up = connected;
    for (const listener of statusListeners) listener(connected);
  };
  const away = () => new ParleyError('unavailable', 'unable to reach the bus; the test cut it');

  return {
    beforePublish: async () => undefined,
    requests,
    get connected() {
      return up && inner.connected;
    },
    async publish(subject, payload) {
      if (!up) throw away();
      if (hanging) await new Promise(() => undefined);
      await this.beforePublish(subject, payload);
      if (!faults.isBad) return await inner.publish(subject, payload);
      faults.carry({ way: 'out', subject, payload }, () => {
        // A copy that went out late may find the bus gone; its sender learned long ago that it went.
        if (up) inner.publish(subject, payload).catch(() => undefined);
      });
    },
    subscribe(subject, handler, options) {
      let active = true;
      const subscription = inner.subscribe(
        subject,
        (payload) => {
          if (!up) return;
          // Without faults within the call, so that a handler that throws is its bus's affair.
          if (!faults.isBad) return handler(payload);
          faults.carry({ way: 'in', subject, payload }, () => {
            if (up && active) handler(payload);
          });
        },
        options,
      );
      return {
        ready: subscription.ready,
        unsubscribe() {
          active = false;
          subscription.unsubscribe();
        },
      };
    },
    async request(subject, payload, options) {
      if (!up) throw away();
      requests.set(subject, (requests.get(subject) ?? 0) + 1);
      return await faults.ask({ way: 'request', subject, payload }, options.timeoutMs, () =>
        inner.request(subject, payload, options),
      );
    },
    respond: (subject, queue, handler) => inner.respond(subject, queue, handler),
    onStatus(listener) {
      const own = (connected: boolean) => listener(connected);
      statusListeners.add(own);
      const unsubscribe = inner.onStatus((connected) => {
        if (up) own(connected);
      });
      return () => {
        statusListeners.delete(own);
        unsubscribe();
      };
    },
    async close() {
      faults.close();
      await inner.close();
    },
    cut: () => turn(false),
    hang() {
      hanging = true;
    },
    shake: faults.set,
    heal() {
      hanging = false;
      faults.clear();
      turn(true);
    },
    onFault(listener) {
      const own = (fault: BusFault) => listener(fault);
      faultListeners.add(own);
      return () => void faultListeners.delete(own);
    },
  };
}
