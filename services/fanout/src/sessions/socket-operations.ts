import { ParleyError } from '@parley/contracts';
import type { Logger } from '@parley/service-kit';
import type { Payload } from '../broadcast/payload.ts';
import type { Counters } from '../counters.ts';
import type { OperationRequest, OperationSink, Revocable, StartOperation } from '../operations/operation-sink.ts';
import { type ErrorPayload, errorPayload } from '../protocol/error-payload.ts';
import type { Session } from './session.ts';
import type { SocketConnection } from './socket-connection.ts';

export interface SocketOperationsDeps {
  readonly counters: Counters;
  readonly limits: { readonly subscriptionsPerSocket: number };
  readonly logger: Logger;
  readonly startOperation: StartOperation;
}

/** The operations that run on one socket. Few, mostly two: an array is smaller than a map, and searched as fast. */
export class SocketOperations {
  readonly #deps: SocketOperationsDeps;
  readonly #session: Session;
  readonly #connection: SocketConnection;
  readonly #running: SocketOperation[] = [];

  constructor(deps: SocketOperationsDeps, session: Session, connection: SocketConnection) {
    this.#deps = deps;
    this.#session = session;
    this.#connection = connection;
  }

  has(id: string): boolean {
    return this.#running.some((operation) => operation.id === id);
  }

  /** `bytes`: of the frame that it came in. */
  start(id: string, request: OperationRequest, bytes: number): void {
    const { counters, limits, logger, startOperation } = this.#deps;
    const limit = limits.subscriptionsPerSocket;
    if (this.#running.length >= limit) {
      const why = `${limit} run on this socket, complete one first`;
      const error = new ParleyError('rate_limited', `unable to start the operation; ${why}`, { limit });
      this.#connection.say({ type: 'error', id, payload: errorPayload(error, logger) });
      return;
    }
    counters.operations += 1;
    const operation = new SocketOperation(this, this.#connection, id);
    this.#running.push(operation);
    operation.running = startOperation(this.#session, request, operation, bytes);
  }

  /** The client wants no more of it. */
  stop(id: string): void {
    const operation = this.#running.find((one) => one.id === id);
    if (operation === undefined) return;
    operation.running?.stop();
    this.forget(operation);
  }

  stopAll(): void {
    for (const { id } of [...this.#running]) this.stop(id);
  }

  /** The rights of the viewer have changed. */
  reauthorise(): void {
    for (const { running } of [...this.#running]) running?.reauthorise();
  }

  /** It ended by itself. */
  forget(operation: SocketOperation): void {
    const place = this.#running.indexOf(operation);
    if (place < 0) return;
    this.#running.splice(place, 1);
    this.#deps.counters.operations -= 1;
  }
}

/** Results of one operation, under the id that the client chose. */
class SocketOperation implements OperationSink {
  readonly id: string;
  readonly #operations: SocketOperations;
  readonly #connection: SocketConnection;
  running: Revocable | undefined;

  constructor(operations: SocketOperations, connection: SocketConnection, id: string) {
    this.id = id;
    this.#operations = operations;
    this.#connection = connection;
  }

  get congested(): boolean {
    return this.#connection.congested;
  }

  drained(): Promise<void> {
    return this.#connection.drained();
  }

  next(payload: Payload, ephemeral: boolean): void {
    this.#connection.deliver(this.id, payload, ephemeral);
  }

  error(errors: ErrorPayload): void {
    this.#operations.forget(this);
    this.#connection.say({ type: 'error', id: this.id, payload: errors });
  }

  complete(): void {
    this.#operations.forget(this);
    this.#connection.say({ type: 'complete', id: this.id });
  }
}
