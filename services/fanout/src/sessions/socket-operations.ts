import { ParleyError } from '@parley/contracts';
import type { Logger } from '@parley/service-kit';
import type { Payload } from '../broadcast/payload.ts';
import type { Counters } from '../counters.ts';
import type { OperationRequest, OperationSink, StartOperation, Stoppable } from '../operations/operation-sink.ts';
import { type ErrorPayload, errorPayload } from '../protocol/error-payload.ts';
import type { Session } from './session.ts';
import type { SocketConnection } from './socket-connection.ts';

export interface SocketOperationsDeps {
  readonly counters: Counters;
  readonly limits: { readonly subscriptionsPerSocket: number };
  readonly logger: Logger;
  readonly startOperation: StartOperation;
}

/** The operations that run on one socket, by the id that the client chose. */
export class SocketOperations {
  readonly #deps: SocketOperationsDeps;
  readonly #session: Session;
  readonly #connection: SocketConnection;
  readonly #running = new Map<string, Stoppable>();

  constructor(deps: SocketOperationsDeps, session: Session, connection: SocketConnection) {
    this.#deps = deps;
    this.#session = session;
    this.#connection = connection;
  }

  has(id: string): boolean {
    return this.#running.has(id);
  }

  start(id: string, request: OperationRequest): void {
    const { counters, limits, logger, startOperation } = this.#deps;
    const limit = limits.subscriptionsPerSocket;
    if (this.#running.size >= limit) {
      const why = `${limit} run on this socket, complete one first`;
      const fault = new ParleyError('rate_limited', `unable to start the operation; ${why}`, { limit });
      this.#connection.say({ type: 'error', id, payload: errorPayload(fault, logger) });
      return;
    }
    counters.operations += 1;
    this.#running.set(id, startOperation(this.#session, request, new SocketSink(this, this.#connection, id)));
  }

  /** The client wants no more of it. */
  stop(id: string): void {
    this.#running.get(id)?.stop();
    this.forget(id);
  }

  stopAll(): void {
    for (const id of [...this.#running.keys()]) this.stop(id);
  }

  /** It ended by itself. */
  forget(id: string): void {
    if (this.#running.delete(id)) this.#deps.counters.operations -= 1;
  }
}

class SocketSink implements OperationSink {
  readonly #operations: SocketOperations;
  readonly #connection: SocketConnection;
  readonly #id: string;

  constructor(operations: SocketOperations, connection: SocketConnection, id: string) {
    this.#operations = operations;
    this.#connection = connection;
    this.#id = id;
  }

  get congested(): boolean {
    return this.#connection.congested;
  }

  drained(): Promise<void> {
    return this.#connection.drained();
  }

  next(payload: Payload, ephemeral: boolean): void {
    this.#connection.deliver(this.#id, payload, ephemeral);
  }

  error(errors: ErrorPayload): void {
    this.#operations.forget(this.#id);
    this.#connection.say({ type: 'error', id: this.#id, payload: errors });
  }

  complete(): void {
    this.#operations.forget(this.#id);
    this.#connection.say({ type: 'complete', id: this.#id });
  }
}
