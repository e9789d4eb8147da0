import type { Clock } from '@parley/service-kit';

/** Allows `perSecond` acts a second, and `burst` of them at once (as many, when not said). */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt: number;

  constructor(clock: Clock, perSecond: number, burst = perSecond) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#filledAt = clock.now();
  }

  /** Nobody has taken any lately. */
  get isFull(): boolean {
    this.#fill();
    return this.#tokens >= this.#burst;
  }

  /** False: there are not as many left, and none is taken. */
  take(count = 1): boolean {
    this.#fill();
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** Takes what was used already, also what is not there: the bucket owes it then. */
  spend(count: number): void {
    this.#fill();
    this.#tokens -= count;
  }

  /** Until as many are there, ms. */
  msUntil(count: number): number {
    this.#fill();
    return Math.max(0, Math.ceil(((count - this.#tokens) / this.#perSecond) * 1_000));
  }

  #fill(): void {
    const now = this.#clock.now();
    // A clock that was set back must not take anything away.
    const passedMs = Math.max(0, now - this.#filledAt);
    this.#tokens = Math.min(this.#burst, this.#tokens + (passedMs / 1_000) * this.#perSecond);
    this.#filledAt = now;
  }
}
