import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { closeCodes } from '@parley/contracts';
import type { WebSocket } from 'ws';
import type { Payload } from '../broadcast/payload.ts';
import type { Counters } from '../counters.ts';
import { closeReason } from '../protocol/close-reason.ts';
import { nextFrame, textFrame } from '../protocol/text-frame.ts';
import type { Flusher } from './flusher.ts';
import { OutgoingQueue } from './outgoing-queue.ts';

export interface SocketConnectionOptions {
  readonly socket: WebSocket;
  /** What carries the socket's bytes. Frames are written to it directly, the library's own control frames between them. */
  readonly stream: Duplex;
  readonly flusher: Flusher;
  readonly counters: Counters;
  readonly capBytes: number;
  readonly onText: (text: string) => void;
  /** Called once, whoever closed. */
  readonly onClosed: () => void;
}

/** The wire of one WebSocket: text in, frames out, closed once. */
export class SocketConnection {
  readonly #options: SocketConnectionOptions;
  readonly #queue: OutgoingQueue;
  #alive = true;
  #closed = false;

  constructor(options: SocketConnectionOptions) {
    this.#options = options;
    const { socket, stream, flusher, counters, capBytes } = options;
    this.#queue = new OutgoingQueue({
      stream: {
        write: (chunks, done) => writeTogether(socket, stream, chunks, done),
        get waiting() {
          return stream.writableLength;
        },
      },
      flusher,
      counters,
      capBytes,
      onOverflow: () =>
        this.close(closeCodes.slowConsumer, 'unable to go on; the client reads too slowly: reconnect and resume'),
    });
    counters.sockets += 1;
    // The library hands over one Buffer for each message, since it is told nothing else.
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    socket.on('pong', () => {
      this.#alive = true;
    });
    // Every error is followed by `close`; without a listener it would end the process.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      counters.sockets -= 1;
      this.#dispose();
    });
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get congested(): boolean {
    return this.#queue.congested;
  }

  /** @throws slow_consumer */
  drained(): Promise<void> {
    return this.#queue.drained();
  }

  say(message: object): void {
    this.#queue.push(textFrame(JSON.stringify(message)));
  }

  deliver(id: string, payload: Payload, ephemeral: boolean): void {
    if (this.#queue.push(payload.wrapped(id, nextFrame), ephemeral)) this.#options.counters.deliveries += 1;
  }

  /** Ends a peer that gave no sign of life since the last call, and asks for the next one. */
  beat(): void {
    const { socket } = this.#options;
    if (this.#alive) socket.ping();
    else socket.terminate();
    this.#alive = false;
  }

  /** What was said before still goes out, except to a peer that does not read. Harmless when repeated. */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#queue.finish();
    this.#dispose();
    this.#options.socket.close(code, closeReason(reason));
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#closed) return;
    this.#alive = true;
    if (isBinary) this.close(closeCodes.badRequest, 'Messages are text, not binary');
    else if (!isUtf8(data)) this.close(closeCodes.badRequest, 'Message is not valid UTF-8');
    else this.#options.onText(data.toString('utf8'));
  }

  #dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.close();
    this.#options.onClosed();
  }
}

function writeTogether(socket: WebSocket, stream: Duplex, chunks: readonly Buffer[], done: () => void): void {
  if (socket.readyState !== socket.OPEN) return;
  if (chunks.length > 1) stream.cork();
  chunks.forEach((chunk, index) => {
    if (index === chunks.length - 1) stream.write(chunk, done);
    else stream.write(chunk);
  });
  if (chunks.length > 1) stream.uncork();
}
