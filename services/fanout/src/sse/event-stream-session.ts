import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { errorRegistry, isErrorCode, ParleyError } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import { type Logger, refusalHeaders } from '@parley/service-kit';
import type { Payload } from '../broadcast/payload.ts';
import type { OperationRequest, OperationSink, Revocable, StartOperation } from '../operations/operation-sink.ts';
import { type ErrorPayload, errorPayload } from '../protocol/error-payload.ts';
import type { UserQuota } from '../quota/user-quota.ts';
import type { UserQuotas } from '../quota/user-quotas.ts';
import { Bundle } from '../sessions/bundle.ts';
import { OutgoingQueue, type OutgoingQueueDeps, type Outlet } from '../sessions/outgoing-queue.ts';
import type { SessionRegistry } from '../sessions/registry.ts';
import type { Session, SessionEnd } from '../sessions/session.ts';
import { comment, completeEvent, keepAlive, nextEvent } from './event-frames.ts';

export interface StreamSessionDeps extends OutgoingQueueDeps {
  readonly logger: Logger;
  readonly quotas: UserQuotas;
  readonly registry: SessionRegistry;
  readonly startOperation: StartOperation;
}

/** The principal and the token of a stream. */
export interface StreamIdentity {
  readonly principal: Principal;
  readonly token: string;
  readonly origin: string | null;
}

/**
 * One operation over Server-Sent Events (graphql-sse, "distinct connections mode"). What is wrong with the operation is a result with errors, then
 * `complete`. Before the first event, what another try may mend is an HTTP status: clients try again after one. The token cannot be renewed: when the
 * connection has to end, the stream ends without `complete`, and the client opens another.
 */
export class EventStreamSession implements Session, OperationSink, Outlet {
  readonly id = randomUUID();
  readonly principal: Principal;
  readonly token: string;
  readonly origin: string | null;
  readonly quota: UserQuota;
  readonly #deps: StreamSessionDeps;
  readonly #response: ServerResponse;
  readonly #queue: OutgoingQueue;
  #operation: Revocable | undefined;
  #ended = false;

  constructor(deps: StreamSessionDeps, response: ServerResponse, { principal, token, origin }: StreamIdentity) {
    this.principal = principal;
    this.token = token;
    this.origin = origin;
    this.#deps = deps;
    this.#response = response;
    this.#queue = new OutgoingQueue(deps, this);
    this.quota = deps.quotas.join(principal);
    this.#queue.countFor(this.quota);
    deps.counters.streams += 1;
    response.once('close', () => {
      deps.counters.streams -= 1;
      this.#dispose();
    });
  }

  /** Counts as one of its user's connections from now on. @throws rate_limited, unavailable */
  async open(): Promise<void> {
    await this.#deps.registry.add(this);
  }

  /** `bytes`: of the request. */
  start(request: OperationRequest, bytes: number): void {
    if (!this.#ended) this.#operation = this.#deps.startOperation(this, request, this, bytes);
  }

  get congested(): boolean {
    return this.#queue.congested;
  }

  drained(): Promise<void> {
    return this.#queue.drained();
  }

  get waiting(): number {
    return this.#response.writableLength;
  }

  write(bundle: Bundle): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    this.#response.write(bundle.joined, () => this.#queue.written());
  }

  overflowed(): void {
    // The client resumes with its last position, as after any cut.
    this.#response.destroy();
  }

  next(payload: Payload, ephemeral: boolean): void {
    if (this.#ended) return;
    this.#open();
    if (this.#queue.push(payload.framed('sse', nextEvent), ephemeral)) this.#deps.counters.deliveries += 1;
  }

  error(errors: ErrorPayload): void {
    if (this.#ended) return;
    if (!this.#response.headersSent && mayBeMended(errors)) {
      this.#refuse(errors);
      return;
    }
    this.#open();
    this.#queue.push(new Bundle(nextEvent('sse', Buffer.from(JSON.stringify({ errors })))));
    this.complete();
  }

  complete(): void {
    if (this.#ended) return;
    this.#open();
    this.#queue.push(new Bundle(completeEvent));
    this.#finish();
  }

  beat(): void {
    if (this.#response.headersSent) this.#queue.push(new Bundle(keepAlive), true);
  }

  reauthorise(): void {
    this.#operation?.reauthorise();
  }

  end({ error }: SessionEnd): void {
    if (this.#ended) return;
    if (!this.#response.headersSent) {
      this.#refuse(errorPayload(error, this.#deps.logger));
      return;
    }
    // Programs pass over a comment; people who watch the stream do not.
    this.#queue.push(new Bundle(comment(error.message)));
    this.#finish();
  }

  #refuse(errors: ErrorPayload): void {
    this.#dispose();
    respondWithErrors(this.#response, errors);
  }

  #finish(): void {
    this.#queue.finish();
    this.#dispose();
    this.#response.end();
  }

  #open(): void {
    if (this.#response.headersSent) return;
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      // One whose body was not read to its end is closed.
      connection: this.#response.hasHeader('connection') ? 'close' : 'keep-alive',
      'x-accel-buffering': 'no',
    });
    this.#response.flushHeaders();
  }

  #dispose(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#operation?.stop();
    this.#queue.close();
    this.#deps.registry.remove(this);
    this.#deps.quotas.leave(this.principal);
  }
}

/** HTTP status of a request that failed as a whole. */
function statusOf([first]: ErrorPayload): number {
  const code = first?.extensions?.['code'];
  return isErrorCode(code) ? errorRegistry[code].status : 400;
}

/** Whether the client may try again: with another token, or later. */
function mayBeMended(errors: ErrorPayload): boolean {
  const status = statusOf(errors);
  return status === 401 || status >= 429;
}

/** Answers a request that failed as a whole: the status of its first error's code, and the errors. */
export function respondWithErrors(response: ServerResponse, errors: ErrorPayload): void {
  const status = statusOf(errors);
  const retryAfterMs = errors[0]?.extensions?.['retryAfterMs'];
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...refusalHeaders({ status, retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined }),
  });
  response.end(JSON.stringify({ errors }));
}

/** The error for a client that reads no events. */
export const wantsEvents = (): ParleyError =>
  new ParleyError(
    'invalid_input',
    'unable to answer; this address streams events: send POST with accept: text/event-stream, or open a WebSocket',
    {
      field: 'accept',
    },
  );
