import {
  headers,
  type Msg,
  type NatsConnection,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import { ParleyError } from '@parley/contracts';
import { createListeners } from '../listeners.ts';
import type { Logger } from '../logger.ts';
import type { Bus, BusSubscription, SubscribeOptions } from './bus.ts';
import {
  busClosed,
  busDisconnected,
  checkPayload,
  checkSubject,
  nobodyAnswers,
  requestTimeout,
  responderFailed,
} from './bus-errors.ts';
import { openNatsLink } from './nats-link.ts';
import { createNatsSubscriptions } from './nats-subscriptions.ts';
import { createOutflow } from './outflow.ts';

/** Options of {@link connectNatsBus}. */
export interface NatsBusOptions {
  /** `nats://…` URLs, separated by commas. */
  readonly servers: string;
  /** Shown in the server's list of connections. */
  readonly name: string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

const faultHeader = 'Parley-Fault';

/**
 * The bus over NATS (core, no JetStream). Resolves after the first attempt to connect, also when it failed: the bus is then disconnected and
 * goes on trying for ever, so that a service comes up degraded.
 */
export async function connectNatsBus({ servers, name, logger }: NatsBusOptions): Promise<Bus> {
  const status = createListeners<boolean>(logger);
  const subscriptions = createNatsSubscriptions(logger);
  const outflow = createOutflow();
  let closed = false;
  const link = openNatsLink({
    servers,
    name,
    logger,
    attach: async (connection) => {
      outflow.reset();
      await subscriptions.attach(connection);
    },
    onStatus: (connected) => {
      if (!connected) subscriptions.detach();
      if (!closed) status.notify(connected);
    },
  });
  await link.tried;

  const connectionFor = (act: string): NatsConnection => {
    if (closed) throw busClosed(act);
    const connection = link.connection;
    if (connection === undefined || connection.isClosed()) throw busDisconnected(act);
    return connection;
  };

  const subscribe = (subject: string, queue: string | undefined, receive: (message: Msg) => void): BusSubscription => {
    checkSubject(subject);
    if (closed) throw busClosed(`subscribe to ${subject}`);
    return subscriptions.add(subject, queue, receive);
  };

  return {
    get connected() {
      return !closed && link.connection !== undefined;
    },
    async publish(subject, payload) {
      checkSubject(subject);
      const act = `publish to ${subject}`;
      const connection = connectionFor(act);
      checkPayload(act, payload, connection.info?.max_payload);
      outflow.count(connection, payload.length);
      connection.publish(subject, payload);
    },
    subscribe(subject, handler, { queue }: SubscribeOptions = {}) {
      return subscribe(subject, queue, (message) => {
        new Promise<void>((resolve) => resolve(handler(message.string()))).catch((error: unknown) =>
          logger.error({ err: error, subject }, 'a bus subscriber failed'),
        );
      });
    },
    async request(subject, payload, { timeoutMs }) {
      checkSubject(subject);
      const act = `request ${subject}`;
      const connection = connectionFor(act);
      checkPayload(act, payload, connection.info?.max_payload);
      const reply = await connection
        .request(subject, payload, { timeout: Math.max(1, timeoutMs) })
        .catch((error: unknown) => {
          if (closed) throw busClosed(act);
          throw requestFault(error, subject, timeoutMs);
        });
      if (reply.headers?.has(faultHeader)) throw responderFailed(subject);
      return reply.string();
    },
    respond(subject, queue, handler) {
      const answer = async (message: Msg) => {
        try {
          const reply = await handler(message.string());
          checkPayload(`answer ${subject}`, reply, link.connection?.info?.max_payload);
          message.respond(reply);
        } catch (error) {
          logger.error({ err: error, subject }, 'a bus responder failed');
          sayFault(message);
        }
      };
      return subscribe(subject, queue, (message) => void answer(message));
    },
    onStatus: (listener) => status.add(listener),
    async close() {
      closed = true;
      subscriptions.close();
      await link.close();
    },
  };
}

function requestFault(error: unknown, subject: string, timeoutMs: number): ParleyError {
  const cause = error instanceof RequestError && error.cause !== undefined ? error.cause : error;
  if (cause instanceof NoRespondersError) return nobodyAnswers(subject);
  if (cause instanceof TimeoutError) return requestTimeout(subject, timeoutMs);
  // It may have been heard: whoever takes this for a sign that nothing was done would be wrong.
  return new ParleyError(
    'timeout',
    `unable to request ${subject}; the connection to the bus was lost before an answer came`,
    {
      cause,
    },
  );
}

function sayFault(message: Msg): void {
  const fault = headers();
  fault.set(faultHeader, 'failed');
  try {
    message.respond('', { headers: fault });
  } catch {
    // The connection that asked is gone, and the one who asked with it: that side sees `unavailable`.
  }
}
