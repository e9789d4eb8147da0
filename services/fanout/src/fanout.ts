import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeCodes, limits as defaultLimits, type LimitName, ParleyError, subprotocol } from '@parley/contracts';
import {
  addressGroup,
  type Bus,
  type Clock,
  clientAddress,
  createHealth,
  createOperatorAccess,
  createStallGuard,
  type Health,
  type Logger,
  type Metrics,
  type OperatorAccess,
  systemClock,
} from '@parley/service-kit';
import { createApiClient } from './api-client.ts';
import { createEventSchema } from './broadcast/create-event-schema.ts';
import { Documents } from './broadcast/documents.ts';
import { Renderer } from './broadcast/renderer.ts';
import { Selections } from './broadcast/selection.ts';
import { Canary } from './canary/canary.ts';
import { answerForCanary, CanaryKey } from './canary/canary-key.ts';
import { Doctor } from './canary/doctor.ts';
import { answerDoctor } from './canary/doctor-endpoint.ts';
import { LoopbackClient } from './canary/loopback-client.ts';
import { isFromHere, type Listening, ownUrl } from './canary/own-address.ts';
import { recoveringBus } from './canary/recovering-bus.ts';
import { createCounters } from './counters.ts';
import { exposeStats, type FanoutStats } from './fanout-stats.ts';
import { BusFeeds } from './interest/bus-feeds.ts';
import { Inboxes } from './interest/inboxes.ts';
import { Topics } from './interest/topics.ts';
import { UserChanges } from './interest/user-changes.ts';
import { UsersNow } from './interest/users-now.ts';
import type { StartOperation } from './operations/operation-sink.ts';
import { type OperationDeps, RunningOperation } from './operations/running-operation.ts';
import { Leases } from './presence/leases.ts';
import { PresenceWatches } from './presence/presence-watches.ts';
import { errorPayload } from './protocol/error-payload.ts';
import { TimeShareQueue } from './quota/time-share-queue.ts';
import { UserQuotas } from './quota/user-quotas.ts';
import { Admission } from './sessions/admission.ts';
import { drainSessions } from './sessions/drain.ts';
import { Flusher } from './sessions/flusher.ts';
import { SessionRegistry } from './sessions/registry.ts';
import { createWebSocketServer } from './sessions/websocket-server.ts';
import { type SocketSessionDeps, WebSocketSession } from './sessions/websocket-session.ts';
import { answerWithEvents, type EndpointDeps } from './sse/event-stream-endpoint.ts';
import { respondWithErrors } from './sse/event-stream-session.ts';
import { RefusedTokens } from './strangers/refused-tokens.ts';

/** Dependencies and options of {@link createFanout}. */
export interface FanoutOptions {
  readonly bus: Bus;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** Names this node in presence leases; unique among the nodes, and new at each start. */
  readonly nodeId?: string;
  readonly clock?: Clock;
  readonly limits?: { readonly [Name in LimitName]?: number };
  /** Readers of the metrics and /doctor. Default: requests from the machine itself. */
  readonly operators?: OperatorAccess;
  /** Path of the GraphQL endpoint. Default: `/graphql`. */
  readonly path?: string;
  /** Proxies in front of this node. Each adds the address of its caller to X-Forwarded-For. Default: 0. */
  readonly trustedProxies?: number;
}

/** A fan-out node without a server of its own. */
export interface Fanout {
  /** Takes the `upgrade` event of an HTTP server. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Answers event streams, the health pages and /doctor. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  readonly health: Health;
  /**
   * Call when the server in front listens, with its `address()`: from then on this node and the others send each other probes through the whole
   * path, and it is not ready while one that lives is not heard. Harmless when repeated.
   */
  startCanary(listening: Listening): void;
  stats(): FanoutStats;
  /** Refuses new connections, sends the others away in waves (close code 1012), gives up presence. Harmless when repeated. */
  close(): Promise<void>;
}

export function createFanout(options: FanoutOptions): Fanout {
  const {
    bus,
    logger,
    metrics,
    nodeId = randomUUID(),
    clock = systemClock,
    path = '/graphql',
    trustedProxies = 0,
  } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const schema = createEventSchema();
  const counters = createCounters();
  const ask = createApiClient(bus, clock);
  const key = new CanaryKey(clock);
  const askInside = answerForCanary(ask, key);
  const flusher = new Flusher();
  const heard = recoveringBus(bus);
  const feeds = new BusFeeds(heard, logger);
  const presence = new PresenceWatches(feeds);
  const stopwatch = () => performance.now();
  const timeShareQueue = new TimeShareQueue({ clock, logger, stopwatch });
  const quotas = new UserQuotas({ clock, limits });
  const refusedTokens = new RefusedTokens({ clock, limits, isOwn: (token) => key.opens(token) });
  const addressOf = (request: IncomingMessage) => addressGroup(clientAddress(request, trustedProxies));
  const topics = new Topics({ bus: heard, ask: askInside, clock, logger, counters, eventsPage: limits.eventsPage });
  const leases = new Leases({ ask, clock, logger, nodeId });
  const inboxes = new Inboxes({ ask: askInside, clock, logger, nodeId });
  const usersNow = new UsersNow({ ask: askInside, clock });
  const userChanges = new UserChanges({ ask: askInside, clock, inboxes, logger, nodeId, topics });
  const stopRetrying = feeds.onReturn(() => userChanges.retryNow());
  const registry = new SessionRegistry({
    ask: askInside,
    clock,
    feeds,
    leases,
    logger,
    socketsPerUser: limits.socketsPerUser,
    topics,
    usersChanged: (appId) => userChanges.note(appId),
  });
  const documents = new Documents(schema);
  const selections = new Selections(schema, documents);
  const renderer = new Renderer({
    schema,
    counters,
    stopwatch,
    mapResult: ({ data, errors }) => ({ data, errors: errorPayload(new AggregateError(errors ?? []), logger) }),
  });
  const stall = createStallGuard(clock);
  const operationDeps: OperationDeps = {
    ask: askInside,
    clock,
    counters,
    documents,
    eventsPage: limits.eventsPage,
    timeShareQueue,
    feeds,
    inboxes,
    leases,
    logger,
    presence,
    renderer,
    selections,
    stall,
    topics,
    usersNow,
  };
  const startOperation: StartOperation = (session, request, sink, bytes) => {
    const operation = new RunningOperation(operationDeps, session, sink);
    operation.begin(request, bytes);
    return operation;
  };
  const socketDeps: SocketSessionDeps & EndpointDeps = {
    addressOf,
    ask,
    capBytes: limits.socketBufferedBytes,
    clock,
    counters,
    flusher,
    limits,
    logger,
    quotas,
    refusedTokens,
    registry,
    startOperation,
  };
  // A socket from elsewhere is never asked for the canary's secret.
  const ownSocketDeps: SocketSessionDeps = { ...socketDeps, ask: askInside };

  const server = createWebSocketServer(limits.socketFrameBytes);
  const admission = new Admission({ clock, limits });

  const { operators = createOperatorAccess() } = options;
  const health = createHealth(metrics === undefined ? {} : { metrics, operators });
  health.register('bus', () => {
    if (!bus.connected) throw new ParleyError('unavailable', 'unable to reach the bus; it is being tried again');
  });
  const stats = (): FanoutStats => ({
    ...counters,
    sessions: registry.size,
    topics: topics.size,
    documents: documents.used,
    unusedDocumentBytes: documents.unusedBytes,
    selections: selections.size,
    feeds: feeds.size,
    watchedUsers: presence.size,
    users: quotas.size,
    restingUsers: quotas.resting,
    retainedBytes: quotas.retainedBytes,
    bufferedBytes: quotas.bufferedBytes,
    waitingWork: timeShareQueue.size,
    strangers: admission.strangers,
    suspectAddresses: refusedTokens.size,
  });
  if (metrics !== undefined) exposeStats(metrics, stats);

  let client: LoopbackClient | undefined;
  let canary: Canary | undefined;
  const paths = () => canary?.paths() ?? [];
  const doctor = new Doctor({ ask, bus, clock, key, nodeId, quotas, startOperation, client: () => client, paths });
  let closing: Promise<void> | undefined;
  const close = async () => {
    health.drain();
    admission.close();
    stall.close();
    canary?.close();
    await drainSessions(registry, server.clients);
    await leases.close();
    registry.close();
    timeShareQueue.close();
    quotas.close();
    refusedTokens.close();
    userChanges.close();
    stopRetrying();
    usersNow.close();
    topics.close();
    inboxes.close();
    feeds.close();
    flusher.close();
    server.close();
  };

  return {
    health,
    startCanary(listening) {
      if (canary !== undefined || closing !== undefined) return;
      client = new LoopbackClient({ url: ownUrl(listening, path), token: key.token });
      canary = new Canary({ bus, client, clock, health, logger, metrics, nodeId, onRecovered: heard.recovered });
    },
    stats,
    handleUpgrade(request, socket, head) {
      if (closing !== undefined) return refuseUpgrade(socket, '503 Service Unavailable');
      if (pathOf(request) !== path) return refuseUpgrade(socket, '404 Not Found');
      const origin = request.headers.origin ?? null;
      const address = addressOf(request);
      const enter = (known: () => void) =>
        server.handleUpgrade(request, socket, head, (webSocket) => {
          // One that is turned away may have sent a bad frame already, and an error that nobody listens to ends the process.
          webSocket.on('error', ignore);
          if (webSocket.protocol !== subprotocol)
            return webSocket.close(closeCodes.badSubprotocol, 'Subprotocol not acceptable');
          const from = { origin, address, known };
          new WebSocketSession(isFromHere(socket) ? ownSocketDeps : socketDeps, webSocket, socket, from);
        });
      // It may be let in later, by a timer, and then nobody is there to catch.
      const enterGuarded = (known: () => void) => {
        try {
          enter(known);
        } catch (error) {
          logger.error({ err: error }, 'an unexpected fault in an upgrade');
          socket.destroy();
        }
      };
      if (!admission.admit({ socket, address, enter: enterGuarded })) refuseUpgrade(socket, '503 Service Unavailable');
    },
    handleRequest(request, response) {
      if (health.handler(request, response)) return;
      if (closing === undefined && answerDoctor({ doctor, operators }, request, response)) return;
      const refuse = (error: ParleyError) => respondWithErrors(response, errorPayload(error, logger));
      if (pathOf(request) !== path)
        return refuse(new ParleyError('not_found', `unable to answer; events are streamed from ${path}`));
      if (closing !== undefined)
        return refuse(new ParleyError('unavailable', 'unable to answer; this node is shutting down'));
      answerWithEvents(socketDeps, request, response).catch((error: unknown) => {
        logger.error({ err: error }, 'an unexpected fault in an event stream');
        response.destroy();
      });
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

const ignore = (): void => undefined;

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';

function refuseUpgrade(socket: Duplex, status: string): void {
  // The server took its own listener away, and a client that resets the connection must not end the process.
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
