import type { Clock, TimerHandle } from '@parley/service-kit';

/** Something that waits for its turn. */
export interface GateEntry {
  /** Runs until its promise settles. Never rejects. */
  run(): Promise<void>;
  /** The entry waited too long and will not run. */
  late(): void;
}

export interface GateOptions {
  readonly clock: Clock;
  readonly atOnce: number;
  readonly waitMs: number;
}

/** Runs a bounded number of entries at once. The others wait in order, each within a deadline. */
export class Gate {
  readonly #options: GateOptions;
  /** With the time at which it gives up. None while nobody has to wait, which is nearly always. */
  #waiting: Map<GateEntry, number> | undefined;
  #running = 0;
  #timer: TimerHandle | undefined;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** How many run or wait. */
  get size(): number {
    return this.#running + (this.#waiting?.size ?? 0);
  }

  /** Runs the entry now, or in its turn. Returns a function that takes a waiting entry out; a running one goes on. */
  enter(entry: GateEntry): () => void {
    if (this.#running < this.#options.atOnce) {
      void this.#run(entry);
      return nothing;
    }
    const { clock, waitMs } = this.#options;
    const waiting = this.#waiting ?? new Map<GateEntry, number>();
    this.#waiting = waiting;
    waiting.set(entry, clock.now() + waitMs);
    if (this.#timer === undefined) this.#timer = clock.setTimeout(() => this.#giveUp(), waitMs);
    return () => waiting.delete(entry);
  }

  async #run(entry: GateEntry): Promise<void> {
    this.#running += 1;
    try {
      await entry.run();
    } finally {
      this.#running -= 1;
      const [next] = this.#waiting?.keys() ?? [];
      if (next !== undefined) {
        this.#waiting?.delete(next);
        void this.#run(next);
      }
    }
  }

  /** All entries wait equally long: the first one is the first to give up. */
  #giveUp(): void {
    const { clock } = this.#options;
    this.#timer = undefined;
    for (const [entry, until] of this.#waiting ?? []) {
      if (until > clock.now()) {
        this.#timer = clock.setTimeout(() => this.#giveUp(), until - clock.now());
        return;
      }
      this.#waiting?.delete(entry);
      entry.late();
    }
  }
}

const nothing = (): void => undefined;
