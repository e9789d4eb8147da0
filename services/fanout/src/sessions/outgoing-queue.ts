import { ParleyError } from '@parley/contracts';
import type { Counters } from '../counters.ts';
import type { Bundle } from './bundle.ts';
import { collectMs, type Flushable, type Flusher } from './flusher.ts';

/** The connection that a queue writes to. */
export interface Outlet {
  /** Hands over in one write, and calls {@link OutgoingQueue.written} when the kernel has taken it later than that. */
  write(bundle: Bundle): void;
  /** Bytes handed over that the kernel has not taken yet. */
  readonly waiting: number;
  /** The client reads too slowly; called once. */
  overflowed(): void;
}

/** Dependencies that all queues of a node share. */
export interface OutgoingQueueDeps {
  readonly flusher: Flusher;
  readonly counters: Counters;
  readonly capBytes: number;
}

/** The bytes that wait for all connections of one user. */
export interface BufferedBytes {
  /** So many more wait, or fewer. False: they are more than they may be. */
  buffer(bytes: number): boolean;
}

const drainDeadlineMs = 30_000;

/**
 * Frames that wait to be written on one connection. An idle connection writes at the end of the turn, a busy one a few ms after its last write. One
 * whose peer does not read keeps its frames here up to a cap, leaves out ephemeral ones from a quarter of it, and gives up past it.
 */
export class OutgoingQueue implements Flushable {
  readonly #deps: OutgoingQueueDeps;
  readonly #outlet: Outlet;
  #pending: Bundle | undefined;
  #scheduled = false;
  /** Something was handed over that the kernel has not taken: its completion goes on. */
  #behind = false;
  #closed = false;
  #lastWrite = -collectMs;
  #waiters: (() => void)[] | undefined;
  #user: BufferedBytes | undefined;
  /** Waiting bytes that are counted for the user, while the peer is behind. */
  #counted = 0;

  constructor(deps: OutgoingQueueDeps, outlet: Outlet) {
    this.#deps = deps;
    this.#outlet = outlet;
  }

  /** Counted only while the peer is behind: what is written at once costs nothing. */
  countFor(user: BufferedBytes): void {
    this.#user = user;
  }

  get bytes(): number {
    return (this.#pending?.bytes ?? 0) + (this.#behind ? this.#outlet.waiting : 0);
  }

  get congested(): boolean {
    return this.bytes > this.#deps.capBytes / 4;
  }

  /** Whether the frame was taken. A frame that others have as well counts in full here. */
  push(frame: Bundle, ephemeral = false): boolean {
    if (this.#closed) return false;
    const { bytes } = this;
    // One frame may be larger than the cap; on an empty queue it is let through.
    if ((bytes > 0 || ephemeral) && !this.#hasRoom(bytes + frame.bytes, ephemeral)) return false;
    this.#pending = this.#pending === undefined ? frame : this.#deps.flusher.join(this.#pending, frame);
    if (this.#behind) return this.#countMore();
    if (!this.#scheduled) this.#schedule();
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
    if (this.#pending !== undefined && !this.#behind) this.#write(this.#pending);
  }

  /** The kernel has taken all that it was given. */
  written(): void {
    this.#behind = false;
    this.#count(0);
    this.flush();
    this.#wake();
  }

  /** Writes everything, for a goodbye that is to come last, and takes no more. */
  finish(): void {
    if (!this.#closed && this.#pending !== undefined) this.#write(this.#pending);
    this.close();
  }

  /** Forgets what waits and takes no more. Harmless when repeated. */
  close(): void {
    this.#closed = true;
    this.#pending = undefined;
    this.#count(0);
    this.#wake();
  }

  #hasRoom(bytes: number, ephemeral: boolean): boolean {
    const { capBytes, counters } = this.#deps;
    if (ephemeral && bytes > capBytes / 4) {
      counters.droppedEphemeral += 1;
      return false;
    }
    if (bytes <= capBytes) return true;
    return this.#overflow();
  }

  #overflow(): false {
    this.#deps.counters.slowConsumers += 1;
    this.close();
    this.#outlet.overflowed();
    return false;
  }

  /** False: this connection is the one too many that does not read. */
  #countMore(): boolean {
    return this.#count(this.bytes) || this.#overflow();
  }

  #count(bytes: number): boolean {
    const more = bytes - this.#counted;
    if (more === 0) return true;
    this.#counted = bytes;
    return this.#user?.buffer(more) ?? true;
  }

  #write(bundle: Bundle): void {
    this.#pending = undefined;
    this.#lastWrite = this.#deps.flusher.now;
    this.#outlet.write(bundle);
    this.#behind = this.#outlet.waiting > 0;
    if (this.#behind && !this.#closed) this.#count(this.bytes);
  }

  #schedule(): void {
    const { flusher } = this.#deps;
    this.#scheduled = true;
    const free = this.#lastWrite + collectMs;
    if (flusher.now >= free) flusher.soon(this);
    else flusher.later(this, free);
  }

  #wake(): void {
    if (this.#waiters === undefined || (this.congested && !this.#closed)) return;
    const waiters = this.#waiters;
    this.#waiters = undefined;
    for (const resume of waiters) resume();
  }
}
