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

export interface AdmissionDeps {
  readonly clock: Clock;
  /** Sockets that were let in and are strangers yet. */
  readonly limits: { readonly strangers: number; readonly strangersPerAddress: number };
}

/** A socket at the door. `known`: call when its token was accepted; a socket that is gone needs no such call. */
export interface Arrival {
  readonly socket: Duplex;
  readonly address: string;
  readonly enter: (known: () => void) => void;
}

/**
 * Lets new sockets in at a bounded pace: when a node dies, its clients must not keep this one from serving its own. Addresses take turns, and while so
 * many of one have not said who they are the others of it wait: whoever opens sockets and says nothing holds up nobody else.
 */
export class Admission {
  readonly #deps: AdmissionDeps;
  readonly #bucket: TokenBucket;
  /** By address, in the order of their turns. */
  readonly #waiting = new Map<string, Arrival[]>();
  readonly #strangers = new Map<string, number>();
  #waitingCount = 0;
  #strangerCount = 0;
  #timer: TimerHandle | undefined;

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
    this.#bucket = new TokenBucket(deps.clock, perSecond, burst);
  }

  /** Sockets that are in, and whose token was not accepted yet. */
  get strangers(): number {
    return this.#strangerCount;
  }

  /** Lets it in at once or when it is its turn, unless the socket is gone by then. False: too many wait. */
  admit(arrival: Arrival): boolean {
    if (this.#waitingCount === 0 && this.#hasRoomFor(arrival.address) && this.#bucket.take()) {
      this.#enter(arrival);
      return true;
    }
    if (this.#waitingCount >= mostWaiting && !this.#turnAwayAnother(arrival.address)) return false;
    // Nobody else listens to it by now.
    arrival.socket.on('error', destroy);
    const others = this.#waiting.get(arrival.address);
    if (others === undefined) this.#waiting.set(arrival.address, [arrival]);
    else others.push(arrival);
    this.#waitingCount += 1;
    this.#timer ??= this.#deps.clock.setTimeout(this.#letIn, tickMs);
    return true;
  }

  /** Those who wait are cut off, so that they try elsewhere. */
  close(): void {
    this.#deps.clock.clearTimeout(this.#timer);
    for (const arrivals of this.#waiting.values()) for (const { socket } of arrivals) socket.destroy();
    this.#waiting.clear();
    this.#waitingCount = 0;
  }

  readonly #letIn = (): void => {
    this.#dropGone();
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      next.socket.off('error', destroy);
      this.#enter(next);
    }
    this.#timer = this.#waitingCount === 0 ? undefined : this.#deps.clock.setTimeout(this.#letIn, tickMs);
  };

  /** Of the address whose turn it is, which goes behind the others. */
  #next(): Arrival | undefined {
    for (const [address, arrivals] of this.#waiting) {
      if (!this.#hasRoomFor(address)) continue;
      if (!this.#bucket.take()) return undefined;
      const arrival = arrivals.shift();
      this.#waitingCount -= 1;
      this.#waiting.delete(address);
      if (arrivals.length > 0) this.#waiting.set(address, arrivals);
      return arrival;
    }
    return undefined;
  }

  /** Sockets that hung up while waiting take no turn. */
  #dropGone(): void {
    for (const [address, arrivals] of this.#waiting) {
      if (!arrivals.some(({ socket }) => socket.destroyed)) continue;
      const left = arrivals.filter(({ socket }) => !socket.destroyed);
      this.#waitingCount -= arrivals.length - left.length;
      if (left.length === 0) this.#waiting.delete(address);
      else this.#waiting.set(address, left);
    }
  }

  #hasRoomFor(address: string): boolean {
    const { strangers, strangersPerAddress } = this.#deps.limits;
    return this.#strangerCount < strangers && (this.#strangers.get(address) ?? 0) < strangersPerAddress;
  }

  #enter({ socket, address, enter }: Arrival): void {
    this.#strangerCount += 1;
    this.#strangers.set(address, (this.#strangers.get(address) ?? 0) + 1);
    const known = () => {
      socket.off('close', known);
      this.#strangerCount -= 1;
      const others = (this.#strangers.get(address) ?? 0) - 1;
      if (others > 0) this.#strangers.set(address, others);
      else this.#strangers.delete(address);
    };
    socket.once('close', known);
    enter(known);
  }

  /** The last of the address that has most waiting, when that is another one: it has taken the place of many. */
  #turnAwayAnother(address: string): boolean {
    let longest: readonly [string, Arrival[]] | undefined;
    for (const entry of this.#waiting)
      if (longest === undefined || entry[1].length > longest[1].length) longest = entry;
    if (longest === undefined || longest[0] === address || longest[1].length < 2) return false;
    longest[1].pop()?.socket.destroy();
    this.#waitingCount -= 1;
    return true;
  }
}

function destroy(this: Duplex): void {
  this.destroy();
}
