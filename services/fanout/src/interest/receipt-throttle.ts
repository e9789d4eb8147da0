import type { ReadAdvanced } from '@parley/contracts';
import type { Clock, TimerHandle } from '@parley/service-kit';
import { ReadPointers } from './read-pointers.ts';

/** Nobody sees a receipt move more often than five times a second. */
const everyMs = 200;

export interface ReceiptThrottleDeps {
  readonly clock: Clock;
  readonly notifyOne: (read: ReadAdvanced) => void;
  readonly notifyMany: (reads: readonly ReadAdvanced[]) => void;
}

/** Bounds the read pointers of a message that a thousand people read at once: the first goes out at once, the others together, the newest of each reader. */
export class ReceiptThrottle {
  readonly #deps: ReceiptThrottleDeps;
  #waiting: ReadPointers | undefined;
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #timer: TimerHandle | undefined;

  constructor(deps: ReceiptThrottleDeps) {
    this.#deps = deps;
  }

  note(reads: readonly ReadAdvanced[]): void {
    if (reads.length === 0) return;
    this.#waiting ??= new ReadPointers();
    for (const read of reads) this.#waiting.note(read);
    if (this.#timer !== undefined) return;
    const { clock } = this.#deps;
    const waitMs = this.#lastSentAt + everyMs - clock.now();
    if (waitMs <= 0) this.#flush();
    else this.#timer = clock.setTimeout(() => this.#flush(), waitMs);
  }

  close(): void {
    this.#deps.clock.clearTimeout(this.#timer);
    this.#waiting = undefined;
  }

  #flush(): void {
    const reads = this.#waiting?.values() ?? [];
    this.#waiting = undefined;
    this.#timer = undefined;
    this.#lastSentAt = this.#deps.clock.now();
    const [first] = reads;
    if (first !== undefined && reads.length === 1) this.#deps.notifyOne(first);
    else if (first !== undefined) this.#deps.notifyMany(reads);
  }
}
