import { randomUUID } from 'node:crypto';
import type { Principal } from '@parley/contracts/bus';
import type { Logger, StallGuard } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { Documents } from '../broadcast/documents.ts';
import { Payload } from '../broadcast/payload.ts';
import type { FanoutEvent, Renderer } from '../broadcast/renderer.ts';
import type { Selection, Selections } from '../broadcast/selection.ts';
import type { SubscriptionOperation } from '../broadcast/subscription-operation.ts';
import type { Subscriber } from '../interest/subscriber.ts';
import { errorPayload } from '../protocol/error-payload.ts';
import type { Session } from '../sessions/session.ts';
import type { OperationRequest, OperationSink, Revocable } from './operation-sink.ts';
import { openSource, type SourceDeps } from './sources.ts';

export interface OperationDeps extends SourceDeps {
  readonly ask: AskApi;
  readonly documents: Documents;
  readonly logger: Logger;
  readonly renderer: Renderer;
  readonly selections: Selections;
  readonly stall: Pick<StallGuard, 'admit'>;
}

/** The API answers within 5 s, whatever its database does; a node that has not by then is gone, and the client should try again. */
const forwardTimeoutMs = 6_000;

/** One operation of one session. It does not keep its request: a hundred thousand subscribers must not hold a hundred thousand documents. */
export class RunningOperation implements Revocable, Subscriber {
  readonly #deps: OperationDeps;
  readonly #session: Session;
  readonly #sink: OperationSink;
  #selection: Selection | undefined;
  #source: Revocable | undefined;
  #stopped = false;

  constructor(deps: OperationDeps, session: Session, sink: OperationSink) {
    this.#deps = deps;
    this.#session = session;
    this.#sink = sink;
  }

  get principal(): Principal {
    return this.#session.principal;
  }

  get congested(): boolean {
    return this.#sink.congested;
  }

  drained(): Promise<void> {
    return this.#sink.drained();
  }

  start(request: OperationRequest): void {
    if (this.#stopped) return;
    try {
      const operation = this.#deps.documents.prepare(request.query, request.operationName);
      if (!this.#session.admits(operation.kind)) return;
      if (operation.kind === 'forwarded') void this.#forward(request);
      else this.#subscribe(operation, request.variables ?? {});
    } catch (fault) {
      this.fail(fault);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#source?.stop();
    if (this.#selection === undefined) return;
    this.#deps.selections.release(this.#selection);
    this.#selection = undefined;
  }

  /** An operation that runs once was judged when it was forwarded. */
  reauthorise(): void {
    this.#source?.reauthorise();
  }

  send(event: FanoutEvent, ephemeral: boolean): void {
    // None before it started, and none after it was stopped.
    if (this.#selection === undefined) return;
    try {
      this.#sink.next(this.#deps.renderer.render(this.#selection, event), ephemeral);
    } catch (fault) {
      // One selection that cannot be rendered must not keep the event from the others.
      this.fail(fault);
    }
  }

  fail(fault: unknown, requestId?: string): void {
    if (this.#stopped) return;
    this.stop();
    this.#sink.error(errorPayload(fault, this.#deps.logger, requestId));
  }

  #subscribe(operation: SubscriptionOperation, variables: Readonly<Record<string, unknown>>): void {
    const { selection, args } = this.#deps.selections.hold(operation, variables, this.principal.userId);
    this.#selection = selection;
    this.#source = openSource(this.#deps, this, operation.field.name.value, args);
  }

  async #forward(operation: OperationRequest): Promise<void> {
    const requestId = randomUUID();
    const { principal } = this;
    try {
      this.#deps.stall.admit();
      const result = await this.#deps.ask('graphql.execute', { principal, operation, requestId }, forwardTimeoutMs);
      if (this.#stopped) return;
      this.#stopped = true;
      // Refused before it ran: the protocol has a message for that.
      if (result.data === undefined && result.errors !== undefined) this.#sink.error(result.errors);
      else {
        this.#sink.next(new Payload(JSON.stringify(result)), false);
        this.#sink.complete();
      }
    } catch (fault) {
      this.fail(fault, requestId);
    }
  }
}
