import { once } from 'node:events';
import { subprotocol } from '@parley/contracts';
import { vi } from 'vitest';
import { WebSocket } from 'ws';

/** An error as it travels. */
export interface Failure {
  readonly message: string;
  readonly extensions: { readonly [key: string]: unknown };
}

/** A message of the server; tests look at any part of it, so its payload is an object with all that may be in one. */
export interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly payload?: {
    readonly data?: { readonly [field: string]: { readonly [key: string]: unknown } };
    readonly [index: number]: Failure;
  };
}

/** A client that says what the test tells it to, right or wrong, and remembers what it hears. */
export class RawClient {
  readonly frames: Frame[] = [];
  readonly texts: string[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  constructor(url: string, protocols: string | string[] = subprotocol, options: { readonly origin?: string } = {}) {
    this.socket = new WebSocket(url, protocols, options);
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    this.socket.on('message', (data) => {
      // The library hands over one Buffer for each message, since no other type is asked for.
      const text = (data as Buffer).toString();
      this.texts.push(text);
      this.frames.push(JSON.parse(text) as Frame);
    });
    this.socket.on('error', () => undefined);
  }

  async opened(): Promise<this> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    return this;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Opens the session and waits for the acknowledgement. */
  async init(token: string): Promise<this> {
    await this.opened();
    this.send({ type: 'connection_init', payload: { token } });
    await this.heard((frame) => frame.type === 'connection_ack');
    return this;
  }

  subscribe(id: string, query: string, variables: object = {}, more: object = {}): void {
    this.send({ id, type: 'subscribe', payload: { query, variables, ...more } });
  }

  complete(id: string): void {
    this.send({ id, type: 'complete' });
  }

  heard(isIt: (frame: Frame) => boolean, timeout = 5_000): Promise<Frame> {
    return vi.waitFor(
      () => {
        const frame = this.frames.find(isIt);
        if (frame === undefined) throw new Error(`not heard; so far: ${this.texts.slice(-5).join('\n')}`);
        return frame;
      },
      { timeout, interval: 5 },
    );
  }

  /** Waits for the end of this operation with an error, and gives its first error. */
  async failure(id: string): Promise<Failure> {
    const { payload } = await this.heard((one) => one.type === 'error' && one.id === id);
    if (payload?.[0] === undefined) throw new Error('the error frame holds no error');
    return payload[0];
  }

  /** The events of a subscription so far: the value of the first root field of each result. */
  events(id: string): readonly { readonly [key: string]: unknown }[] {
    return this.frames
      .filter((frame) => frame.type === 'next' && frame.id === id)
      .map(({ payload }) => Object.values(payload?.data ?? {})[0] ?? {});
  }

  /** The seq of the durable events so far. */
  seqs(id: string): readonly unknown[] {
    return this.events(id)
      .filter(({ __typename }) => __typename !== 'ChannelSynced' && __typename !== 'ChannelReset')
      .flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
  }

  async synced(id: string): Promise<void> {
    await vi.waitFor(
      () => {
        if (!this.events(id).some(({ __typename }) => __typename === 'ChannelSynced'))
          throw new Error(`not synced; so far: ${this.texts.slice(-5).join('\n')}`);
      },
      { timeout: 5_000, interval: 5 },
    );
  }

  async close(): Promise<void> {
    this.socket.close(1000);
    await this.closed;
  }

  /** Gone without a word. */
  vanish(): void {
    this.socket.terminate();
  }
}
