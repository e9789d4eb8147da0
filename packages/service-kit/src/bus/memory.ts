import { ParleyError } from '@parley/contracts';
import { type Clock, systemClock } from '../clock.ts';
import { type Logger, silentLogger } from '../logger.ts';
import type { Bus, BusSubscription, SubscribeOptions } from './bus.ts';
import { busClosed, checkPayload, checkSubject, nobodyAnswers, requestTimeout, responderFailed } from './bus-errors.ts';
import { createDeliveryQueue } from './delivery-queue.ts';
import { pickReceivers } from './receivers.ts';

/** Options of {@link createMemoryBus}. */
export interface MemoryBusOptions {
  readonly logger?: Pick<Logger, 'error'>;
  readonly clock?: Clock;
}

interface Receiver {
  readonly queue: string | undefined;
  active: boolean;
  readonly receive: (payload: string) => void;
}

interface Responder {
  active: boolean;
  readonly answer: (payload: string) => Promise<string>;
}

/** The bus of one process: the same promises as over a server, delivered asynchronously, so a handler never runs within `publish`. */
export function createMemoryBus({ logger = silentLogger(), clock = systemClock }: MemoryBusOptions = {}): Bus {
  const receivers = new Map<string, Set<Receiver>>();
  const responders = new Map<string, Set<Responder>>();
  const pending = new Set<(error: ParleyError) => void>();
  const deliver = createDeliveryQueue();
  let closed = false;

  const join = <T extends { active: boolean }>(
    table: Map<string, Set<T>>,
    subject: string,
    entry: T,
  ): BusSubscription => {
    checkSubject(subject);
    if (closed) throw busClosed(`subscribe to ${subject}`);
    const entries = table.get(subject) ?? new Set();
    table.set(subject, entries.add(entry));
    return {
      ready: Promise.resolve(),
      unsubscribe() {
        entry.active = false;
        entries.delete(entry);
        if (entries.size === 0 && table.get(subject) === entries) table.delete(subject);
      },
    };
  };

  return {
    get connected() {
      return !closed;
    },
    async publish(subject, payload) {
      checkSubject(subject);
      if (closed) throw busClosed(`publish to ${subject}`);
      checkPayload(`publish to ${subject}`, payload);
      const subscribed = receivers.get(subject);
      if (subscribed === undefined) return;
      // Taken now: who subscribes after this message was published does not get it.
      const chosen = pickReceivers([...subscribed]);
      deliver(() => {
        for (const receiver of chosen) if (receiver.active) receiver.receive(payload);
      });
    },
    subscribe(subject, handler, { queue }: SubscribeOptions = {}) {
      const receive = (payload: string) => {
        new Promise<void>((resolve) => resolve(handler(payload))).catch((error: unknown) =>
          logger.error({ err: error, subject }, 'a bus subscriber failed'),
        );
      };
      return join(receivers, subject, { queue, active: true, receive });
    },
    request(subject, payload, { timeoutMs }) {
      return new Promise<string>((resolve, reject) => {
        checkSubject(subject);
        if (closed) throw busClosed(`request ${subject}`);
        checkPayload(`request ${subject}`, payload);
        const [responder] = pickReceivers(
          [...(responders.get(subject) ?? [])].map((one) => ({ ...one, one, queue: '' })),
        );
        if (responder === undefined) throw nobodyAnswers(subject);
        const settle = (act: () => void) => {
          if (!pending.delete(fail)) return;
          clock.clearTimeout(timer);
          act();
        };
        const fail = (error: ParleyError) => settle(() => reject(error));
        const timer = clock.setTimeout(() => fail(requestTimeout(subject, timeoutMs)), timeoutMs);
        pending.add(fail);
        deliver(() => {
          if (!responder.one.active) return fail(nobodyAnswers(subject));
          responder.one.answer(payload).then(
            (reply) => deliver(() => settle(() => resolve(reply))),
            (error: unknown) => deliver(() => fail(error instanceof ParleyError ? error : responderFailed(subject))),
          );
        });
      });
    },
    respond(subject, _queue, handler) {
      const answer = async (payload: string) => {
        try {
          const reply = await handler(payload);
          checkPayload(`answer ${subject}`, reply);
          return reply;
        } catch (error) {
          logger.error({ err: error, subject }, 'a bus responder failed');
          throw responderFailed(subject);
        }
      };
      return join(responders, subject, { active: true, answer });
    },
    onStatus: () => () => undefined,
    async close() {
      closed = true;
      for (const table of [receivers, responders])
        for (const entries of table.values()) for (const entry of entries) entry.active = false;
      receivers.clear();
      responders.clear();
      for (const fail of [...pending]) fail(busClosed('wait for the answer'));
    },
  };
}
