import type { ReadAdvanced } from '@parley/contracts';
import type { Clock, TimerHandle } from '@parley/service-kit';
import { ReadPointers } from './read-pointers.ts';

/** Five times a second is as often as anybody can see a receipt move. */
const everyMs = 200;

export interface ReceiptPacerDeps {
  readonly clock: Clock;
  readonly tellOne: (read: ReadAdvanced) => void;
  readonly tellMany: (reads: readonly ReadAdvanced[]) => void;
}

/** A message that a thousand people read at once is a thousand read pointers: the first is told at once, the others together, the newest of each reader. */
export class ReceiptPacer {
  readonly #deps: ReceiptPacerDeps;
  #waiting: ReadPointers | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  #timer: TimerHandle | undefined;

  constructor(deps: ReceiptPacerDeps) {
    this.#deps = deps;
  }

  note(reads: readonly ReadAdvanced[]): void {
    if (reads.length === 0) return;
    this.#waiting ??= new ReadPointers();
    for (const read of reads) this.#waiting.note(read);
    if (this.#timer !== undefined) return;
    const { clock } = this.#deps;
    const waitMs = this.#toldAt + everyMs - clock.now();
    if (waitMs <= 0) this.#tell();
    else this.#timer = clock.setTimeout(() => this.#tell(), waitMs);
  }

  close(): void {
    this.#deps.clock.clearTimeout(this.#timer);
    this.#waiting = undefined;
  }

  #tell(): void {
    const reads = this.#waiting?.values() ?? [];
    this.#waiting = undefined;
    this.#timer = undefined;
    this.#toldAt = this.#deps.clock.now();
    const [first] = reads;
    if (first !== undefined && reads.length === 1) this.#deps.tellOne(first);
    else if (first !== undefined) this.#deps.tellMany(reads);
  }
}
