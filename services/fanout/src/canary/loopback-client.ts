import { subprotocol } from '@parley/contracts';
import { WebSocket } from 'ws';
import { type Probe, readResult, watchProbes } from './probe.ts';

/** Listens to the canary's socket. */
export interface LoopbackListener {
  /** Bytes as they come out of the socket. */
  bytes?(chunk: Buffer): void;
  /** A probe, read from a frame. */
  probe?(probe: Probe): void;
}

export interface LoopbackOptions {
  readonly url: string;
  readonly token: string;
}

/** Calls of `ensure` after which an attempt that led nowhere is given up. */
const attemptBeats = 3;
const frameBytes = 64 * 1024;

/** A WebSocket client of this very node that watches the reserved channel, over a real socket. */
export class LoopbackClient {
  readonly listeners = new Set<LoopbackListener>();
  readonly #options: LoopbackOptions;
  readonly #waiting = new Set<() => void>();
  #socket: WebSocket | undefined;
  #beats = 0;
  #live = false;
  #fault = 'it has not connected yet';
  #closed = false;

  constructor(options: LoopbackOptions) {
    this.#options = options;
  }

  /** Why it hears nothing; null while its subscription is live. */
  get fault(): string | null {
    return this.#live ? null : this.#fault;
  }

  /** Connects when there is no connection. Called about once a second, which is also how often it tries again. */
  ensure(): void {
    if (this.#closed || this.#live) return;
    if (this.#socket === undefined) this.#connect();
    else if (this.#beats < attemptBeats) this.#beats += 1;
    else this.#lost(this.#socket, 'its subscription did not begin in time');
  }

  /** Resolves when the subscription is live, which may be never. */
  live(): Promise<void> {
    if (this.#socket === undefined && !this.#closed) this.#connect();
    return this.#live ? Promise.resolve() : new Promise((resolve) => this.#waiting.add(resolve));
  }

  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    if (this.#socket !== undefined) this.#lost(this.#socket, 'it was closed');
  }

  #connect(): void {
    const socket = new WebSocket(this.#options.url, subprotocol, { perMessageDeflate: false, maxPayload: frameBytes });
    this.#socket = socket;
    this.#beats = 0;
    socket.on('upgrade', (response) => {
      response.socket.on('data', (chunk: Buffer) => {
        for (const listener of this.listeners) listener.bytes?.(chunk);
      });
    });
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { token: this.#options.token } }));
    });
    // The library hands over one Buffer for each message, since it has no other setting.
    socket.on('message', (data) => this.#receive(socket, (data as Buffer).toString()));
    socket.on('error', (error) => this.#lost(socket, error.message));
    socket.on('close', (code, reason) =>
      this.#lost(socket, `it was closed with ${code} ${reason.toString()}`.trimEnd()),
    );
  }

  #receive(socket: WebSocket, text: string): void {
    if (socket !== this.#socket) return;
    // The other end is this node itself.
    const { type, payload } = JSON.parse(text) as { type: string; payload?: unknown };
    if (type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: watchProbes }));
    else if (type === 'next') this.#result(payload);
    else if (type === 'error' || type === 'complete')
      this.#lost(socket, `its subscription ended; ${reasonOf(payload)}`);
  }

  #result(payload: unknown): void {
    const result = readResult(payload);
    if (result === 'live') {
      this.#live = true;
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    } else if (result !== null) for (const listener of this.listeners) listener.probe?.(result);
  }

  #lost(socket: WebSocket, why: string): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#live = false;
    this.#fault = why;
    socket.terminate();
  }
}

function reasonOf(payload: unknown): string {
  const first: unknown = Array.isArray(payload) ? payload[0] : undefined;
  return first instanceof Object && 'message' in first ? String(first.message) : 'it says no reason';
}
