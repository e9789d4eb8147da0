import type { Duplex } from 'node:stream';
import type { Clock, TimerHandle } from '@parley/service-kit';
import { TokenBucket } from './token-bucket.ts';

/** New sockets a second. One costs about half a millisecond until it watches, so at this pace those that are there get the other half of the time. */
const perSecond = 1_000;
/** So many are let in at once after a quiet time. */
const burst = 100;
/** Past these they are turned away: they would wait for longer than a client does. */
const mostWaiting = 10_000;
const tickMs = 10;

interface Arrival {
  readonly socket: Duplex;
  readonly enter: () => void;
}

/** Lets new sockets in at a bounded pace, in their order: when a node dies, its clients must not keep this one from serving its own. */
export class Admission {
  readonly #clock: Clock;
  readonly #bucket: TokenBucket;
  #waiting: Arrival[] = [];
  #timer: TimerHandle | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#bucket = new TokenBucket(clock, perSecond, burst);
  }

  /** Calls `enter` at once or when it is its turn, unless the socket is gone by then. False: too many wait. */
  admit(socket: Duplex, enter: () => void): boolean {
    if (this.#waiting.length === 0 && this.#bucket.take()) {
      enter();
      return true;
    }
    if (this.#waiting.length >= mostWaiting) return false;
    // Nobody else listens to it by now.
    socket.on('error', destroy);
    this.#waiting.push({ socket, enter });
    this.#timer ??= this.#clock.setTimeout(this.#letIn, tickMs);
    return true;
  }

  /** Those who wait are cut off, so that they try elsewhere. */
  close(): void {
    this.#clock.clearTimeout(this.#timer);
    for (const { socket } of this.#waiting.splice(0)) socket.destroy();
  }

  readonly #letIn = (): void => {
    let next = 0;
    for (let arrival = this.#waiting[next]; arrival !== undefined; arrival = this.#waiting[next]) {
      if (!arrival.socket.destroyed) {
        if (!this.#bucket.take()) break;
        arrival.socket.off('error', destroy);
        arrival.enter();
      }
      next += 1;
    }
    this.#waiting = this.#waiting.slice(next);
    this.#timer = this.#waiting.length === 0 ? undefined : this.#clock.setTimeout(this.#letIn, tickMs);
  };
}

function destroy(this: Duplex): void {
  this.destroy();
}
