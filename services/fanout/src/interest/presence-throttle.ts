import type { PresenceChanged } from '@parley/contracts';
import type { Clock, TimerHandle } from '@parley/service-kit';

/** A client that watches a thousand users has five subscriptions: this interval bounds it to twenty frames a second. */
const everyMs = 300;

/** Sends the first change at once and collects those that follow closely: the newest change of each user. */
export class PresenceThrottle {
  readonly #clock: Clock;
  readonly #send: (changes: readonly PresenceChanged[]) => void;
  #waiting = new Map<string, PresenceChanged>();
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #timer: TimerHandle | undefined;

  constructor(clock: Clock, send: (changes: readonly PresenceChanged[]) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  note(change: PresenceChanged): void {
    // The delete moves the user to the end: the order is that of the newest changes.
    this.#waiting.delete(change.userId);
    this.#waiting.set(change.userId, change);
    if (this.#timer !== undefined) return;
    const waitMs = this.#lastSentAt + everyMs - this.#clock.now();
    if (waitMs <= 0) this.#flush();
    else this.#timer = this.#clock.setTimeout(() => this.#flush(), waitMs);
  }

  close(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #flush(): void {
    const changes = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#timer = undefined;
    this.#lastSentAt = this.#clock.now();
    if (changes.length > 0) this.#send(changes);
  }
}
