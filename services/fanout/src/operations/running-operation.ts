import { randomUUID } from 'node:crypto';
import { ParleyError } from '@parley/contracts';
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
import type { TimeShareQueue } from '../quota/time-share-queue.ts';
import type { UserQuota } from '../quota/user-quota.ts';
import type { Session } from '../sessions/session.ts';
import type { OperationRequest, OperationSink, Revocable } from './operation-sink.ts';
import { openSource, type SourceDeps, type SourceKind, sourceKindOf } from './sources.ts';

export interface OperationDeps extends SourceDeps {
  readonly ask: AskApi;
  readonly documents: Documents;
  readonly timeShareQueue: TimeShareQueue;
  readonly logger: Logger;
  readonly renderer: Renderer;
  readonly selections: Selections;
  readonly stall: Pick<StallGuard, 'admit'>;
}

/** The API answers within 5 s, whatever its database does; a node that has not by then is gone, and the client should try again. */
const forwardTimeoutMs = 6_000;
/** An operation itself; its request, as text and as what was read from it. */
const waitingBytes = 1_024;
const perRequestByte = 2;

/** One operation of one session. It does not keep its request: a hundred thousand subscribers must not hold a hundred thousand documents. */
export class RunningOperation implements Revocable, Subscriber {
  readonly #deps: OperationDeps;
  readonly #session: Session;
  readonly #sink: OperationSink;
  #selection: Selection | undefined;
  #source: Revocable | undefined;
  #isCounted = false;
  /** Of the quota. */
  #retained = 0;
  /** Gives up its place among those that wait. */
  #leave: (() => void) | undefined;
  #stopped = false;

  constructor(deps: OperationDeps, session: Session, sink: OperationSink) {
    this.#deps = deps;
    this.#session = session;
    this.#sink = sink;
  }

  get principal(): Principal {
    return this.#session.principal;
  }

  get quota(): UserQuota {
    return this.#session.quota;
  }

  get congested(): boolean {
    return this.#sink.congested;
  }

  drained(): Promise<void> {
    return this.#sink.drained();
  }

  turn(): Promise<void> {
    return this.#deps.timeShareQueue.turn(this.quota);
  }

  /** Starts it in its user's turn. `bytes`: what the request took on its way. */
  begin(request: OperationRequest, bytes: number): void {
    try {
      this.quota.admitOperations(1);
      this.keepsMore(waitingBytes + bytes * perRequestByte);
      const work = { run: () => this.#start(request), late: () => this.fail(tooLate()) };
      this.#leave = this.#deps.timeShareQueue.add(this.quota, work);
    } catch (error) {
      queueMicrotask(() => this.fail(error));
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#leave?.();
    this.#leave = undefined;
    this.#source?.stop();
    this.#release();
    if (this.#isCounted) this.quota.removeSubscription();
    this.#isCounted = false;
    if (this.#selection === undefined) return;
    this.#deps.selections.release(this.#selection, this.quota);
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
    } catch (error) {
      // One selection that cannot be rendered must not keep the event from the others.
      this.fail(error);
    }
  }

  keepsMore(bytes: number): void {
    if (this.#stopped) return;
    this.quota.retain(bytes);
    this.#retained += bytes;
  }

  fail(error: unknown, requestId?: string): void {
    if (this.#stopped) return;
    this.stop();
    this.#sink.error(errorPayload(error, this.#deps.logger, requestId));
  }

  #start(request: OperationRequest): void {
    this.#leave = undefined;
    if (this.#stopped) return;
    try {
      const operation = this.#deps.documents.prepare(request.query, request.operationName);
      if (operation.kind === 'forwarded') this.#forwardInTurn(request);
      else this.#subscribe(operation, request.variables ?? {});
    } catch (error) {
      this.fail(error);
    }
  }

  #subscribe(operation: SubscriptionOperation, variables: Readonly<Record<string, unknown>>): void {
    const { quota } = this;
    const kind = sourceKindOf(operation.field.name.value);
    quota.addSubscription();
    this.#isCounted = true;
    const { sight } = this.principal;
    const held = this.#deps.selections.hold(operation, variables, { sight, quota });
    this.#selection = held.selection;
    // The request is done with.
    this.#release();
    this.keepsMore(kind.bytes + held.bytes);
    if (kind.operations > 1) quota.admitOperations(kind.operations - 1);
    this.#leave = quota.gates[kind.gate].enter({
      run: () => this.#open(kind, held.args),
      late: () => this.fail(tooLate()),
    });
  }

  async #open(kind: SourceKind, args: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.#stopped) return;
    try {
      const { source, opened } = openSource(this.#deps, this, kind, args);
      this.#source = source;
      await opened;
    } catch (error) {
      this.fail(error);
    }
  }

  #forwardInTurn(request: OperationRequest): void {
    this.#leave = this.quota.gates.forward.enter({
      run: () => this.#forward(request),
      late: () => this.fail(tooLate()),
    });
  }

  async #forward(operation: OperationRequest): Promise<void> {
    if (this.#stopped) return;
    const requestId = randomUUID();
    const { principal } = this;
    try {
      this.#deps.stall.admit();
      const result = await this.#deps.ask('graphql.execute', { principal, operation, requestId }, forwardTimeoutMs);
      if (this.#stopped) return;
      this.stop();
      // Refused before it ran: the protocol has a message for that.
      if (result.data === undefined && result.errors !== undefined) this.#sink.error(result.errors);
      else {
        this.#sink.next(new Payload(JSON.stringify(result)), false);
        this.#sink.complete();
      }
    } catch (error) {
      this.fail(error, requestId);
    }
  }

  #release(): void {
    this.quota.release(this.#retained);
    this.#retained = 0;
  }
}

/** Not done, so it does no harm to ask for it again. */
const tooLate = (): ParleyError =>
  new ParleyError(
    'rate_limited',
    'unable to start the operation; it waited too long for others of this user: slow down',
    { retryAfterMs: 1_000 },
  );
