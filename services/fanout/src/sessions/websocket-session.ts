import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { closeCodes, type JsonObject, limits, ParleyError } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import type { Clock, TimerHandle } from '@parley/service-kit';
import type { WebSocket } from 'ws';
import type { AskApi } from '../api-client.ts';
import type { Operation } from '../broadcast/documents.ts';
import { type ClientMessage, parseClientMessage } from '../protocol/client-message.ts';
import { errorPayload } from '../protocol/error-payload.ts';
import type { OutgoingQueueDeps } from './outgoing-queue.ts';
import type { SessionRegistry } from './registry.ts';
import type { Session, SessionEnd } from './session.ts';
import { SocketConnection, type Talker } from './socket-connection.ts';
import { SocketOperations, type SocketOperationsDeps } from './socket-operations.ts';
import { TokenBucket } from './token-bucket.ts';

export interface SocketSessionDeps extends SocketOperationsDeps, OutgoingQueueDeps {
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly limits: SocketOperationsDeps['limits'] & {
    readonly connectionInitMs: number;
    readonly operationsPerSocketPerSecond: number;
  };
  readonly registry: SessionRegistry;
}

type State =
  | { readonly name: 'silent' }
  | { readonly name: 'authenticating' }
  | { readonly name: 'open'; readonly principal: Principal; readonly token: string };

/** What the rate of frames of any kind may be, in operations. */
const framesPerOperation = 4;

/** One WebSocket that speaks graphql-transport-ws: who it is, and what it may say when. */
export class WebSocketSession implements Session, Talker {
  readonly id = randomUUID();
  readonly origin: string | null;
  readonly #deps: SocketSessionDeps;
  readonly #connection: SocketConnection;
  readonly #operations: SocketOperations;
  readonly #operationRate: TokenBucket;
  readonly #subscriptionRate: TokenBucket;
  readonly #frameRate: TokenBucket;
  /** Until it has said something. */
  #initTimer: TimerHandle | undefined;
  #state: State = { name: 'silent' };
  #acknowledged = false;

  constructor(deps: SocketSessionDeps, socket: WebSocket, stream: Duplex, origin: string | null) {
    this.#deps = deps;
    this.origin = origin;
    const { clock, limits } = deps;
    this.#connection = new SocketConnection(deps, this, socket, stream);
    this.#operations = new SocketOperations(deps, this, this.#connection);
    const { operationsPerSocketPerSecond: perSecond, subscriptionsPerSocket } = limits;
    const burst = Math.max(perSecond, subscriptionsPerSocket);
    this.#operationRate = new TokenBucket(clock, perSecond);
    // A client that comes back resumes everything that it watches at once.
    this.#subscriptionRate = new TokenBucket(clock, perSecond, burst);
    this.#frameRate = new TokenBucket(clock, perSecond * framesPerOperation, perSecond * framesPerOperation + burst);
    this.#initTimer = clock.setTimeout(() => {
      this.#connection.close(closeCodes.initTimeout, 'Connection initialisation timeout');
    }, limits.connectionInitMs);
  }

  get principal(): Principal {
    return this.#identity.principal;
  }

  get token(): string {
    return this.#identity.token;
  }

  beat(): void {
    this.#connection.beat();
  }

  reauthorise(): void {
    this.#operations.reauthorise();
  }

  end({ code, fault }: SessionEnd): void {
    this.#connection.close(code, fault.message);
  }

  admits(kind: Operation['kind']): boolean {
    const rate = kind === 'subscription' ? this.#subscriptionRate : this.#operationRate;
    if (rate.take()) return true;
    this.#closeRateLimited();
    return false;
  }

  heard(text: string): void {
    if (this.#frameRate.take()) this.#handle(parseClientMessage(text));
    else this.#closeRateLimited();
  }

  #handle(message: ClientMessage): void {
    switch (message.type) {
      case 'connection_init':
        if (this.#state.name === 'silent') void this.#open(message.payload['token']);
        else this.#connection.close(closeCodes.tooManyInits, 'Too many initialisation requests');
        break;
      case 'ping': {
        const { payload } = message;
        const token = payload?.['token'];
        if (typeof token === 'string' && this.#acknowledged) void this.#renew(token);
        else this.#pong(payload);
        break;
      }
      case 'pong':
        break;
      case 'subscribe':
        this.#subscribe(message);
        break;
      case 'refused':
        this.#refuseOperation(message);
        break;
      case 'complete':
        this.#operations.stop(message.id);
        break;
      case 'invalid':
        this.#connection.close(closeCodes.badRequest, message.reason);
    }
  }

  #subscribe({ id, request }: Extract<ClientMessage, { type: 'subscribe' }>): void {
    if (!this.#acknowledged) this.#connection.close(closeCodes.unauthorized, 'Unauthorized');
    else if (this.#operations.has(id))
      this.#connection.close(closeCodes.duplicateOperation, `Subscriber for ${id} already exists`);
    else this.#operations.start(id, request);
  }

  #refuseOperation({ id, fault }: Extract<ClientMessage, { type: 'refused' }>): void {
    if (!this.#acknowledged) this.#connection.close(closeCodes.unauthorized, 'Unauthorized');
    else this.#connection.say({ type: 'error', id, payload: errorPayload(fault, this.#deps.logger) });
  }

  /** What a pong must hold is nowhere said: a payload that is large comes back empty, so that nobody is made to say what others want. */
  #pong(payload: JsonObject | undefined): void {
    const text = payload === undefined ? undefined : JSON.stringify(payload);
    const echoed = text !== undefined && Buffer.byteLength(text) <= limits.pingPayloadBytes;
    this.#connection.say({ type: 'pong', ...(echoed ? { payload } : {}) });
  }

  async #open(token: unknown): Promise<void> {
    this.#state = { name: 'authenticating' };
    this.#endInitTimer();
    try {
      if (typeof token !== 'string' || token === '')
        throw new ParleyError('unauthenticated', 'unable to authenticate; connection_init has no token in its payload');
      const principal = await this.#deps.ask('session.open', { token, origin: this.origin });
      if (this.#connection.isClosed) return;
      this.#state = { name: 'open', principal, token };
      await this.#deps.registry.add(this);
      if (this.#connection.isClosed) return;
      this.#acknowledged = true;
      const { userId, expiresAt } = this.principal;
      this.#connection.say({ type: 'connection_ack', payload: { sessionId: this.id, userId, expiresAt } });
    } catch (fault) {
      this.#refuse(fault);
    }
  }

  /** By a ping; see `RenewPayload` in the contracts. */
  async #renew(token: string): Promise<void> {
    if (!this.admits('forwarded')) return;
    try {
      const principal = await this.#deps.ask('session.open', { token, origin: this.origin });
      if (this.#connection.isClosed) return;
      const { appId, userId, scope } = this.principal;
      if (principal.appId !== appId || principal.userId !== userId || principal.scope !== scope)
        throw new ParleyError('forbidden', 'unable to renew the token; it speaks for somebody else: open a new socket');
      this.#state = { name: 'open', principal, token };
      this.#deps.registry.renewed(this);
    } catch (fault) {
      // Where nobody could look at the new token, the old one holds until it expires; the answer says when.
      if (!isTransient(fault)) this.#refuse(fault);
    }
    if (!this.#connection.isClosed)
      this.#connection.say({ type: 'pong', payload: { expiresAt: this.principal.expiresAt } });
  }

  #refuse(fault: unknown): void {
    if (!(fault instanceof ParleyError))
      this.#deps.logger.error({ err: fault, sessionId: this.id }, 'unable to open a session');
    const why = fault instanceof ParleyError ? fault.message : 'unable to connect; an unexpected fault';
    this.#connection.close(closeCodeOf(fault), why);
  }

  #closeRateLimited(): void {
    const { operationsPerSocketPerSecond: limit } = this.#deps.limits;
    this.#connection.close(closeCodes.rateLimited, `unable to go on; over ${limit} operations a second: slow down`);
  }

  closed(): void {
    this.#endInitTimer();
    this.#operations.stopAll();
    this.#deps.registry.remove(this);
  }

  #endInitTimer(): void {
    this.#deps.clock.clearTimeout(this.#initTimer);
    this.#initTimer = undefined;
  }

  get #identity(): Extract<State, { name: 'open' }> {
    if (this.#state.name !== 'open') throw new TypeError('unable to say who this is; the session is not open');
    return this.#state;
  }
}

const isTransient = (fault: unknown): boolean => fault instanceof ParleyError && fault.retryable;

function closeCodeOf(fault: unknown): number {
  if (!(fault instanceof ParleyError)) return closeCodes.unavailable;
  if (fault.code === 'unauthenticated' || fault.code === 'forbidden') return closeCodes.forbidden;
  return fault.code === 'rate_limited' ? closeCodes.rateLimited : closeCodes.unavailable;
}
