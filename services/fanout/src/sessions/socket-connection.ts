import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { closeCodes } from '@parley/contracts';
import type { Logger } from '@parley/service-kit';
import type { WebSocket } from 'ws';
import type { Payload } from '../broadcast/payload.ts';
import { closeReason } from '../protocol/close-reason.ts';
import { nextFrame, textFrame } from '../protocol/text-frame.ts';
import { Bundle } from './bundle.ts';
import { type BufferedBytes, OutgoingQueue, type OutgoingQueueDeps, type Outlet } from './outgoing-queue.ts';

export interface SocketConnectionDeps extends OutgoingQueueDeps {
  readonly logger: Pick<Logger, 'error'>;
}

/** Receives the text frames of a connection. */
export interface Talker {
  /** `bytes`: that the text took. */
  heard(text: string, bytes: number): void;
  /** Called once, whoever closed. */
  closed(): void;
}

/** Written for its completion alone: the kernel has taken everything before it then. */
const nothing = Buffer.alloc(0);

/** The wire of one WebSocket: text in, frames out, closed once. */
export class SocketConnection implements Outlet {
  readonly #deps: SocketConnectionDeps;
  readonly #talker: Talker;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #queue: OutgoingQueue;
  #alive = true;
  #closed = false;

  /** `stream` carries the socket's bytes: frames are written to it directly, the library's own control frames between them. */
  constructor(deps: SocketConnectionDeps, talker: Talker, socket: WebSocket, stream: Duplex) {
    this.#deps = deps;
    this.#talker = talker;
    this.#socket = socket;
    this.#stream = stream;
    this.#queue = new OutgoingQueue(deps, this);
    deps.counters.sockets += 1;
    // The library hands over one Buffer for each message, since it has no other setting.
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    socket.on('pong', () => {
      this.#alive = true;
    });
    // Every error is followed by `close`; without a listener it would end the process.
    socket.on('error', ignore);
    socket.once('close', () => {
      deps.counters.sockets -= 1;
      this.#dispose();
    });
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get congested(): boolean {
    return this.#queue.congested;
  }

  get waiting(): number {
    return this.#stream.writableLength;
  }

  /** @throws slow_consumer */
  drained(): Promise<void> {
    return this.#queue.drained();
  }

  /** Counts waiting frames for this user from now on. */
  countFor(quota: BufferedBytes): void {
    this.#queue.countFor(quota);
  }

  say(message: object): void {
    this.#queue.push(new Bundle(textFrame(JSON.stringify(message))));
  }

  deliver(id: string, payload: Payload, ephemeral: boolean): void {
    if (this.#queue.push(payload.framed(id, nextFrame), ephemeral)) this.#deps.counters.deliveries += 1;
  }

  write(bundle: Bundle): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    bundle.writeTo(this.#stream);
    // Nearly always the kernel takes it at once; a completion of every write would cost as much again as the rest of it.
    if (this.#stream.writableLength > 0) this.#stream.write(nothing, () => this.#queue.written());
  }

  overflowed(): void {
    this.close(closeCodes.slowConsumer, 'unable to go on; the client reads too slowly: reconnect and resume');
  }

  /** Ends a peer that gave no sign of life since the last call, and asks for the next one. */
  beat(): void {
    if (this.#alive) this.#socket.ping();
    else this.#socket.terminate();
    this.#alive = false;
  }

  /** Sends earlier frames first, unless the peer does not read. Harmless when repeated. */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#queue.finish();
    this.#dispose();
    this.#socket.close(code, closeReason(reason));
  }

  /** Closes a peer that sends too much, and reads no more of it: what is on its way would cost as much as before. */
  cutOff(code: number, reason: string): void {
    this.close(code, reason);
    this.#socket.pause();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#closed) return;
    this.#alive = true;
    try {
      this.#read(data, isBinary);
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'an unexpected fault in a frame');
      this.close(closeCodes.unavailable, 'unable to go on; an unexpected fault: reconnect and resume');
    }
  }

  #read(data: Buffer, isBinary: boolean): void {
    if (isBinary) this.close(closeCodes.badRequest, 'Messages are text, not binary');
    else if (!isUtf8(data)) this.close(closeCodes.notUtf8, 'Message is not valid UTF-8');
    else this.#talker.heard(data.toString('utf8'), data.length);
  }

  #dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.close();
    this.#talker.closed();
  }
}

const ignore = (): void => undefined;
