import type { PresenceChanged } from '@parley/contracts';
import type { Clock, TimerHandle } from '@parley/service-kit';

/** A thousand users take five subscriptions, so these are at most twenty frames a second. */
const everyMs = 300;

/** The first change is told at once; those that follow closely are told together, the last word on each user. */
export class PresencePacer {
  readonly #clock: Clock;
  readonly #tell: (changes: readonly PresenceChanged[]) => void;
  #waiting = new Map<string, PresenceChanged>();
  #toldAt = Number.NEGATIVE_INFINITY;
  #timer: TimerHandle | undefined;

  constructor(clock: Clock, tell: (changes: readonly PresenceChanged[]) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  note(change: PresenceChanged): void {
    // Deleted first, so that the order is that of the last words.
    this.#waiting.delete(change.userId);
    this.#waiting.set(change.userId, change);
    if (this.#timer !== undefined) return;
    const waitMs = this.#toldAt + everyMs - this.#clock.now();
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
    this.#toldAt = this.#clock.now();
    if (changes.length > 0) this.#tell(changes);
  }
}
