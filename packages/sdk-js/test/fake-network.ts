import { ParleyError } from '@parley/contracts';
import type { WebSocketLike } from '../src/connection/websocket.ts';
import { FakeSchema } from './fake-schema.ts';

/** An operation that reached the fake server. */
export interface FakeOperation {
  readonly name: string;
  readonly variables: Record<string, unknown>;
  readonly token: string | null;
  readonly over: 'socket' | 'http';
}

/** A subscription that runs on a socket. */
export interface FakeStream {
  readonly name: string;
  readonly variables: Record<string, unknown>;
  readonly socket: FakeSocket;
  next(data: unknown): void;
  error(error: ParleyError): void;
  complete(): void;
}

type Frame = Record<string, unknown>;

/** A WebSocket whose other end is a {@link FakeNetwork}. Everything arrives asynchronously, as over a real one. */
export class FakeSocket implements WebSocketLike {
  readyState = 0;
  readonly protocol = 'graphql-transport-ws';
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly sent: Frame[] = [];
  /** A peer that has silently gone: nothing arrives any more. */
  frozen = false;
  closedByClient = false;
  token: string | null = null;
  readonly #network: FakeNetwork;

  constructor(network: FakeNetwork) {
    this.#network = network;
    network.sockets.push(this);
    queueMicrotask(() => {
      if (network.acceptSockets) this.open();
      else this.drop(1006);
    });
  }

  /** How often an operation of this name was started here. */
  subscribed(name: string): number {
    return this.sent.filter(({ type, payload }) => {
      if (type !== 'subscribe') return false;
      return nameOf(String((payload as { query: string }).query)) === name;
    }).length;
  }

  open(): void {
    if (this.readyState !== 0) return;
    this.readyState = 1;
    this.#call(this.onopen, {});
  }

  send(data: string): void {
    const frame: Frame = JSON.parse(data);
    this.sent.push(frame);
    if (!this.frozen) queueMicrotask(() => this.#network.receive(this, frame));
  }

  close(): void {
    this.closedByClient = true;
    this.readyState = 3;
    this.#network.forget(this);
  }

  push(frame: Frame): void {
    if (this.readyState === 1 && !this.frozen) this.#call(this.onmessage, { data: JSON.stringify(frame) });
  }

  /** The server, or the network, ends it. */
  drop(code = 1006, reason = ''): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#network.forget(this);
    this.#call(this.onclose, { code, reason });
  }

  #call(handler: ((event: never) => void) | null, event: object): void {
    // The handlers declare the part of the event that they read; here it is exactly that part.
    (handler as ((event: object) => void) | null)?.(event);
  }
}

type Handler = (operation: FakeOperation) => unknown;

/** Operations that tests of the transport make up; they are answered as they are. */
const madeUp = new Set(['Echo', 'change', 'Count', 'anonymous']);

/** A server of GraphQL over sockets and HTTP, scripted by name of operation; what it answers goes through the schema. */
export class FakeNetwork {
  readonly schema = new FakeSchema();
  readonly sockets: FakeSocket[] = [];
  readonly operations: FakeOperation[] = [];
  readonly handlers = new Map<string, Handler>();
  readonly onStream = new Map<string, (stream: FakeStream) => void>();
  streams: FakeStream[] = [];
  acceptSockets = true;
  acceptHttp = true;
  /** Null: connection_init is answered; else the code it is closed with. */
  refuseWith: (token: string) => number | null = () => null;
  silentInit = false;
  /** What every request over HTTP is answered with, unless null. */
  fetchAnswer: object | null = null;

  readonly WebSocket = socketsOf(this);

  readonly fetch: typeof fetch = async (_url, init) => {
    await Promise.resolve();
    if (!this.acceptHttp) throw new TypeError('fetch failed');
    if (this.fetchAnswer !== null) return Response.json(this.fetchAnswer);
    const { query, variables } = JSON.parse(bodyOf(init));
    const headers = new Headers(init?.headers);
    const token = headers.get('authorization')?.replace('Bearer ', '') ?? null;
    const result = await this.#run(query, variables, token, 'http');
    init?.signal?.throwIfAborted();
    return Response.json(result);
  };

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (last === undefined) throw new Error('no socket was opened');
    return last;
  }

  named(name: string): FakeOperation[] {
    return this.operations.filter((operation) => operation.name === name);
  }

  openStreams(name: string): FakeStream[] {
    return this.streams.filter((stream) => stream.name === name);
  }

  forget(socket: FakeSocket): void {
    this.streams = this.streams.filter((stream) => stream.socket !== socket);
  }

  receive(socket: FakeSocket, frame: Frame): void {
    if (socket.readyState !== 1) return;
    const { type } = frame;
    if (type === 'connection_init') return void this.#init(socket, frame['payload'] as { token: string });
    if (type === 'ping') return void this.#ping(socket, frame['payload'] as { token: string } | undefined);
    if (type === 'complete')
      this.streams = this.streams.filter((stream) => stream !== this.#streamOf(socket, String(frame['id'])));
    if (type === 'subscribe')
      this.#subscribe(socket, String(frame['id']), frame['payload'] as { query: string; variables: Frame });
  }

  readonly #ids = new Map<FakeStream, string>();

  #streamOf(socket: FakeSocket, id: string): FakeStream | undefined {
    return this.streams.find((stream) => stream.socket === socket && this.#ids.get(stream) === id);
  }

  #init(socket: FakeSocket, { token }: { token: string }): void {
    const code = this.refuseWith(token);
    if (code !== null) return void socket.drop(code, 'refused');
    if (this.silentInit) return;
    socket.token = token;
    socket.push({ type: 'connection_ack', payload: { sessionId: `session-${this.sockets.length}` } });
  }

  #ping(socket: FakeSocket, payload: { token: string } | undefined): void {
    if (payload === undefined) return void socket.push({ type: 'pong' });
    socket.token = payload.token;
    socket.push({ type: 'pong', payload: { expiresAt: 0 } });
  }

  #subscribe(socket: FakeSocket, id: string, { query, variables }: { query: string; variables: Frame }): void {
    const name = nameOf(query);
    if (!/^\s*subscription/.test(query)) {
      void this.#run(query, variables, socket.token, 'socket').then((result) => {
        // What was refused before it ran ends with its errors, as the protocol has it.
        if ('errors' in result) return socket.push({ id, type: 'error', payload: result['errors'] });
        socket.push({ id, type: 'next', payload: result });
        socket.push({ id, type: 'complete' });
      });
      return;
    }
    const isOpen = (): boolean => this.streams.includes(stream);
    const end = (frame: Frame): void => {
      socket.push(frame);
      this.streams = this.streams.filter((other) => other !== stream);
    };
    const stream: FakeStream = {
      name,
      variables,
      socket,
      next: (data) => {
        if (isOpen()) socket.push({ id, type: 'next', payload: { data: this.#answer(name, query, data, variables) } });
      },
      error: (error) => end({ id, type: 'error', payload: [faultOf(error)] }),
      complete: () => end({ id, type: 'complete' }),
    };
    try {
      if (!madeUp.has(name)) this.schema.document(query);
    } catch (error) {
      return void socket.push({ id, type: 'error', payload: [faultOf(error)] });
    }
    this.#ids.set(stream, id);
    this.streams = [...this.streams, stream];
    this.onStream.get(name)?.(stream);
  }

  async #run(
    query: string,
    variables: Record<string, unknown>,
    token: string | null,
    over: FakeOperation['over'],
  ): Promise<Frame> {
    const operation: FakeOperation = { name: nameOf(query), variables: variables ?? {}, token, over };
    this.operations.push(operation);
    try {
      const handler = this.handlers.get(operation.name);
      if (handler === undefined) throw new Error(`no handler for ${operation.name}`);
      if (!madeUp.has(operation.name)) this.schema.document(query);
      return { data: this.#answer(operation.name, query, await handler(operation), operation.variables) };
    } catch (error) {
      return { errors: [faultOf(error)] };
    }
  }

  #answer(name: string, query: string, root: unknown, variables: Record<string, unknown>): unknown {
    return madeUp.has(name) ? root : this.schema.answer(query, root, variables);
  }
}

function socketsOf(network: FakeNetwork): new () => FakeSocket {
  return class extends FakeSocket {
    constructor() {
      super(network);
    }
  };
}

/** The text of a request's body. */
export const bodyOf = (init: RequestInit | undefined): string => (typeof init?.body === 'string' ? init.body : '{}');

const nameOf = (query: string): string => /(?:query|mutation|subscription)\s+(\w+)/.exec(query)?.[1] ?? 'anonymous';

function faultOf(error: unknown): Frame {
  const refusal = error instanceof ParleyError ? error : new ParleyError('internal', String(error));
  return { message: refusal.message, extensions: refusal.toExtensions() };
}
