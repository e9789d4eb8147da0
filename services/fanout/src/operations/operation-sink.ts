import type { GraphqlRequest } from '@parley/contracts/bus';
import type { Payload } from '../broadcast/payload.ts';
import type { ErrorPayload } from '../protocol/error-payload.ts';
import type { Session } from '../sessions/session.ts';

/** A request whose document came as text. */
export type OperationRequest = GraphqlRequest & { readonly query: string };

/** Takes the results of one operation: as `next` frames of a socket, or events of a stream. */
export interface OperationSink {
  next(payload: Payload, ephemeral: boolean): void;
  /** Nothing follows. */
  error(errors: ErrorPayload): void;
  /** Nothing follows. */
  complete(): void;
  readonly congested: boolean;
  /** @throws slow_consumer */
  drained(): Promise<void>;
}

/** Something that runs until it ends by itself or is stopped. */
export interface Stoppable {
  /** Silently. Harmless when repeated. */
  stop(): void;
}

/** Something whose viewer may lose the right to it while it runs. */
export interface Revocable extends Stoppable {
  /** The rights of the viewer have changed: asks again, and ends with an error when the answer is no. */
  reauthorise(): void;
}

/** Starts an operation of a session. Every outcome goes to the sink, and none before this returns. `bytes`: what the request took on its way. */
export type StartOperation = (
  session: Session,
  request: OperationRequest,
  sink: OperationSink,
  bytes: number,
) => Revocable;
