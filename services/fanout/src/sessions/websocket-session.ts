import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { closeCodes, type JsonObject, limits, ParleyError } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import type { Clock, TimerHandle } from '@parley/service-kit';
import type { WebSocket } from 'ws';
import type { AskApi } from '../api-client.ts';
import { type ClientMessage, parseClientMessage } from '../protocol/client-message.ts';
import { errorPayload } from '../protocol/error-payload.ts';
import type { UserQuota } from '../quota/user-quota.ts';
import type { UserQuotas } from '../quota/user-quotas.ts';
import type { RefusedTokens } from '../strangers/refused-tokens.ts';
import type { OutgoingQueueDeps } from './outgoing-queue.ts';
import type { SessionRegistry } from './registry.ts';
import type { Session, SessionEnd } from './session.ts';
import { SocketConnection, type Talker } from './socket-connection.ts';
import { SocketOperations, type SocketOperationsDeps } from './socket-operations.ts';

export interface SocketSessionDeps extends SocketOperationsDeps, OutgoingQueueDeps {
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly limits: SocketOperationsDeps['limits'] & {
    readonly connectionInitMs: number;
    readonly strangerFrameBytes: number;
  };
  readonly quotas: UserQuotas;
  readonly refusedTokens: RefusedTokens;
  readonly registry: SessionRegistry;
}

/** Origin and address of a socket. */
export interface SocketOrigin {
  readonly origin: string | null;
  /** Of the client, as far as it can be believed. */
  readonly address: string;
  /** Call when its token was accepted: it is no stranger any more. */
  readonly known: () => void;
}

type State =
  | { readonly name: 'silent' }
  | { readonly name: 'authenticating' }
  | { readonly name: 'open'; readonly principal: Principal; readonly token: string; readonly quota: UserQuota };

/** Before the token is accepted: one says so, and perhaps a ping or two. */
const strangerFrames = 20;

/** One WebSocket that speaks graphql-transport-ws: who it is, and what it may say when. */
export class WebSocketSession implements Session, Talker {
  readonly id = randomUUID();
  readonly origin: string | null;
  readonly #deps: SocketSessionDeps;
  readonly #connection: SocketConnection;
  readonly #operations: SocketOperations;
  readonly #from: SocketOrigin;
  #strangerFrames = 0;
  /** Until it has said something. */
  #initTimer: TimerHandle | undefined;
  #state: State = { name: 'silent' };
  #acknowledged = false;

  constructor(deps: SocketSessionDeps, socket: WebSocket, stream: Duplex, from: SocketOrigin) {
    this.#deps = deps;
    this.#from = from;
    this.origin = from.origin;
    const { clock, limits } = deps;
    this.#connection = new SocketConnection(deps, this, socket, stream);
    this.#operations = new SocketOperations(deps, this, this.#connection);
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

  get quota(): UserQuota {
    return this.#identity.quota;
  }

  beat(): void {
    this.#connection.beat();
  }

  reauthorise(): void {
    this.#operations.reauthorise();
  }

  end({ code, error }: SessionEnd): void {
    this.#connection.close(code, error.message);
  }

  heard(text: string, bytes: number): void {
    const refusal = this.#state.name === 'open' ? this.#state.quota.frameFault(bytes) : this.#strangerFault(bytes);
    if (refusal !== null) this.#connection.cutOff(closeCodes.rateLimited, `unable to go on; ${refusal}`);
    else this.#handle(parseClientMessage(text), bytes);
  }

  #strangerFault(bytes: number): string | null {
    const limit = this.#deps.limits.strangerFrameBytes;
    this.#strangerFrames += 1;
    if (bytes > limit) return `over ${limit} bytes in a frame before the token was accepted`;
    return this.#strangerFrames > strangerFrames ? `over ${strangerFrames} frames before the token was accepted` : null;
  }

  #handle(message: ClientMessage, bytes: number): void {
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
        this.#subscribe(message, bytes);
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

  #subscribe({ id, request }: Extract<ClientMessage, { type: 'subscribe' }>, bytes: number): void {
    if (!this.#acknowledged) this.#connection.close(closeCodes.unauthorized, 'Unauthorized');
    else if (this.#operations.has(id))
      this.#connection.close(closeCodes.duplicateOperation, `Subscriber for ${id} already exists`);
    else this.#operations.start(id, request, bytes);
  }

  #refuseOperation({ id, error }: Extract<ClientMessage, { type: 'refused' }>): void {
    if (!this.#acknowledged) this.#connection.close(closeCodes.unauthorized, 'Unauthorized');
    else this.#connection.say({ type: 'error', id, payload: errorPayload(error, this.#deps.logger) });
  }

  /** The protocol does not say what a pong holds. A large payload comes back empty: nobody can make the node send what they want. */
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
      const principal = await this.#look(token);
      if (this.#connection.isClosed) return;
      const quota = this.#deps.quotas.join(principal);
      this.#state = { name: 'open', principal, token, quota };
      this.#connection.countFor(quota);
      this.#from.known();
      await this.#deps.registry.add(this);
      if (this.#connection.isClosed) return;
      this.#acknowledged = true;
      const { userId, expiresAt } = this.principal;
      this.#connection.say({ type: 'connection_ack', payload: { sessionId: this.id, userId, expiresAt } });
    } catch (error) {
      this.#refuse(error);
    }
  }

  #look(token: string): Promise<Principal> {
    const { ask, refusedTokens } = this.#deps;
    return refusedTokens.look(this.#from.address, token, () => ask('session.open', { token, origin: this.origin }));
  }

  /** By a ping; see `RenewPayload` in the contracts. */
  async #renew(token: string): Promise<void> {
    try {
      this.quota.admitOperations(1);
      const principal = await this.#look(token);
      if (this.#connection.isClosed) return;
      const { appId, userId, scope } = this.principal;
      if (principal.appId !== appId || principal.userId !== userId || principal.scope !== scope)
        throw new ParleyError('forbidden', 'unable to renew the token; it speaks for somebody else: open a new socket');
      this.#state = { name: 'open', principal, token, quota: this.quota };
      this.#deps.registry.renewed(this);
    } catch (error) {
      // The old token holds until it expires when nobody could look at the new one. The answer says until when.
      if (!isTransient(error)) this.#refuse(error);
    }
    if (!this.#connection.isClosed)
      this.#connection.say({ type: 'pong', payload: { expiresAt: this.principal.expiresAt } });
  }

  #refuse(error: unknown): void {
    if (!(error instanceof ParleyError))
      this.#deps.logger.error({ err: error, sessionId: this.id }, 'unable to open a session');
    const why = error instanceof ParleyError ? error.message : 'unable to connect; an unexpected fault';
    this.#connection.close(closeCodeOf(error), why);
  }

  closed(): void {
    this.#endInitTimer();
    this.#operations.stopAll();
    this.#deps.registry.remove(this);
    if (this.#state.name === 'open') this.#deps.quotas.leave(this.#state.principal);
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

const isTransient = (error: unknown): boolean => error instanceof ParleyError && error.retryable;

function closeCodeOf(error: unknown): number {
  if (!(error instanceof ParleyError)) return closeCodes.unavailable;
  if (error.code === 'unauthenticated' || error.code === 'forbidden') return closeCodes.forbidden;
  return error.code === 'rate_limited' ? closeCodes.rateLimited : closeCodes.unavailable;
}
