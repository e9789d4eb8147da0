import { subprotocol } from '@parley/contracts';
import * as limits from '@parley/contracts/client-limits';
import type { Clock } from '../lib/clock.ts';
import { isRecord, parseJson } from '../lib/json.ts';
import { createThrottle } from '../lib/throttle.ts';
import { errorOf } from '../operations/graphql-error.ts';
import type { Link, LinkEvents, OperationSink } from './link.ts';
import { endOf } from './link.ts';
import type { WebSocketConstructor } from './websocket.ts';

export interface WebSocketLinkOptions {
  readonly WebSocket: WebSocketConstructor;
  readonly url: string;
  readonly clock: Clock;
}

/** Under the server's limit, beyond which it refuses operations: after a reconnect a client may have hundreds of subscriptions to restart. */
const startsPerSecond = limits.operationsPerUserPerSecond - 10;
const openState = 1;

/** Speaks graphql-transport-ws (https://github.com/graphql/graphql-over-websocket). */
export function openWebSocketLink(options: WebSocketLinkOptions, token: string, events: LinkEvents): Link {
  const socket = new options.WebSocket(options.url, subprotocol);
  const sinks = new Map<string, OperationSink>();
  const throttle = createThrottle(options.clock, startsPerSecond);
  let opened = false;
  let lastId = 0;

  const send = (frame: object): void => {
    if (socket.readyState === openState) socket.send(JSON.stringify(frame));
  };
  const loseAll = (): void => {
    throttle.clear();
    const lost = [...sinks.values()];
    sinks.clear();
    for (const sink of lost) sink.lost();
  };
  const take = (id: unknown): OperationSink | undefined => {
    if (typeof id !== 'string') return undefined;
    const sink = sinks.get(id);
    sinks.delete(id);
    return sink;
  };

  const receive = ({ type, id, payload }: Readonly<Record<string, unknown>>): void => {
    switch (type) {
      case 'connection_ack': {
        const { sessionId = null } = isRecord(payload) ? payload : {};
        return void events.ready(typeof sessionId === 'string' ? sessionId : null);
      }
      case 'ping':
        return void send({ type: 'pong' });
      case 'next':
        if (typeof id === 'string' && isRecord(payload)) sinks.get(id)?.next(payload);
        return;
      case 'error':
        return void take(id)?.error(errorOf(payload));
      case 'complete':
        return void take(id)?.complete();
    }
  };

  socket.onopen = () => {
    opened = true;
    send({ type: 'connection_init', payload: { token } });
  };
  socket.onmessage = (event: { readonly data: unknown }) => {
    events.heard();
    const frame = typeof event.data === 'string' ? parseJson(event.data) : null;
    if (isRecord(frame)) receive(frame);
  };
  // A close follows each error and says more; without a listener some implementations throw.
  socket.onerror = () => {};
  socket.onclose = (event: { readonly code: number; readonly reason: string }) => {
    loseAll();
    events.ended(endOf(event.code, event.reason, opened));
  };

  return {
    runsOperations: true,
    run(operation, sink) {
      lastId += 1;
      const id = String(lastId);
      sinks.set(id, sink);
      let started = false;
      const unschedule = throttle.schedule(() => {
        started = true;
        send({ id, type: 'subscribe', payload: operation });
      });
      return () => {
        unschedule();
        if (sinks.delete(id) && started) send({ id, type: 'complete' });
      };
    },
    ping: () => send({ type: 'ping' }),
    renew(next) {
      send({ type: 'ping', payload: { token: next } });
      return true;
    },
    close(dead = false) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      loseAll();
      // The `ws` package waits up to 30 s for a peer's farewell, which a dead one never sends.
      if (dead && socket.terminate !== undefined) socket.terminate();
      else socket.close(1000);
    },
  };
}
