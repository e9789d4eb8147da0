import { ParleyError } from '@parley/contracts';
import type { Counters } from '../counters.ts';
import { collectMs, type Flushable, type Flusher } from './flusher.ts';

/** Where the bytes of one connection go. */
export interface ByteStream {
  /** Hands over all chunks in one write; `done` is called when the kernel has taken them. */
  write(chunks: readonly Buffer[], done: () => void): void;
  /** Bytes handed over that the kernel has not taken yet. */
  readonly waiting: number;
}

export interface OutgoingQueueOptions {
  readonly stream: ByteStream;
  readonly flusher: Flusher;
  readonly counters: Counters;
  readonly capBytes: number;
  /** The client reads too slowly; called once. */
  readonly onOverflow: () => void;
}

const behindBytes = 4_096;
const drainDeadlineMs = 30_000;

/**
 * What waits to be written on one connection. An idle connection writes at the end of the turn; a busy one collects for a few ms; one whose peer
 * does not read keeps its frames here up to a cap, leaves out ephemeral ones from a quarter of it, and gives up past it.
 */
export class OutgoingQueue implements Flushable {
  readonly #options: OutgoingQueueOptions;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #scheduled = false;
  #closed = false;
  #lastWrite = Number.NEGATIVE_INFINITY;
  #waiters: (() => void)[] | undefined;
  readonly #written = () => {
    this.flush();
    this.#wake();
  };

  constructor(options: OutgoingQueueOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#pendingBytes + this.#options.stream.waiting;
  }

  get congested(): boolean {
    return this.bytes > this.#options.capBytes / 4;
  }

  /** Whether the frame was taken. */
  push(frame: Buffer, ephemeral = false): boolean {
    if (this.#closed) return false;
    const { capBytes, counters, onOverflow } = this.#options;
    const bytes = this.bytes;
    if (ephemeral && bytes + frame.length > capBytes / 4) {
      counters.droppedEphemeral += 1;
      return false;
    }
    // One frame may be larger than the cap; on an empty queue it is let through.
    if (bytes > 0 && bytes + frame.length > capBytes) {
      counters.slowConsumers += 1;
      this.close();
      onOverflow();
      return false;
    }
    this.#pending.push(frame);
    this.#pendingBytes += frame.length;
    this.#schedule();
    return true;
  }

  /** Resolves when a replay may go on. @throws slow_consumer when that takes over 30 s */
  async drained(): Promise<void> {
    this.flush();
    if (!this.congested || this.#closed) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(
          new ParleyError('slow_consumer', `unable to go on; the client read nothing for ${drainDeadlineMs / 1_000} s`),
        );
      }, drainDeadlineMs);
      this.#waiters ??= [];
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Writes what waits, unless the peer is behind. */
  flush(): void {
    this.#scheduled = false;
    if (this.#pending.length > 0 && !this.#isBehind) this.#write();
  }

  /** Writes everything, for a goodbye that is to come last, and takes no more. */
  finish(): void {
    if (!this.#closed && this.#pending.length > 0) this.#write();
    this.close();
  }

  /** Forgets what waits and takes no more. Harmless when repeated. */
  close(): void {
    this.#closed = true;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#wake();
  }

  /** A little may wait without that: a ping of the WebSocket library, whose completion tells us nothing. */
  get #isBehind(): boolean {
    return this.#options.stream.waiting > behindBytes;
  }

  #write(): void {
    const chunks = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#lastWrite = performance.now();
    this.#options.stream.write(chunks, this.#written);
  }

  #schedule(): void {
    // When the peer is behind, the completion of the last write goes on.
    if (this.#scheduled || this.#isBehind) return;
    this.#scheduled = true;
    if (performance.now() - this.#lastWrite >= collectMs) this.#options.flusher.soon(this);
    else this.#options.flusher.later(this);
  }

  #wake(): void {
    if (this.#waiters === undefined || (this.congested && !this.#closed)) return;
    const waiters = this.#waiters;
    this.#waiters = undefined;
    for (const resume of waiters) resume();
  }
}
