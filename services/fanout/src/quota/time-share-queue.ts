import type { Clock, Logger, TimerHandle } from '@parley/service-kit';

/** The user whose work it is. */
export interface WorkOwner {
  /** Counts how long its work kept the node busy, ms. */
  spent(ms: number): void;
  /** How long its work has to wait because it used up its share, ms. */
  readonly owedMs: number;
}

/** A piece of work, of some milliseconds at most. */
export interface Work {
  run(): void;
  /** The work waited too long and will not run. */
  late(): void;
}

export interface TimeShareQueueDeps {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error'>;
  /** In ms, of any origin; finer than the clock of the rules. */
  readonly stopwatch: () => number;
}

/** Sockets get a turn after this much work in a row. */
const sliceMs = 8;
/** Longer than anybody waits for an operation to start. */
const waitMs = 10_000;
/** A process that was stopped or starved did not work all that time. */
const mostAtOnceMs = 100;

interface Waiting extends Work {
  readonly until: number;
}

interface Parked {
  readonly works: Set<Waiting>;
  readonly timer: TimerHandle;
}

/**
 * Shares the time of the node among owners: one piece of work of each owner in turn, however many pieces it has. An owner that asks for much waits for
 * itself, and nobody else does. Work is paid for in time: an owner without a share left is passed over until it has one again. (The API's fair queue
 * shares places instead: its work waits for a database.)
 */
export class TimeShareQueue {
  readonly #deps: TimeShareQueueDeps;
  /** In the order of their turns. */
  readonly #ready = new Map<WorkOwner, Set<Waiting>>();
  /** Of owners that owe. */
  readonly #parked = new Map<WorkOwner, Parked>();
  #draining = false;
  #closed = false;

  constructor(deps: TimeShareQueueDeps) {
    this.#deps = deps;
  }

  /** Pieces that wait. */
  get size(): number {
    let size = 0;
    for (const works of this.#ready.values()) size += works.size;
    for (const { works } of this.#parked.values()) size += works.size;
    return size;
  }

  /** Runs the work in its owner's turn, never before this returns. Returns a function that takes it out. */
  add(owner: WorkOwner, work: Work): () => void {
    const waiting: Waiting = {
      until: this.#deps.clock.now() + waitMs,
      run: () => work.run(),
      late: () => work.late(),
    };
    const works = this.#parked.get(owner)?.works ?? this.#ready.get(owner) ?? new Set();
    works.add(waiting);
    if (!this.#parked.has(owner)) this.#ready.set(owner, works);
    this.#drainSoon();
    return () => {
      works.delete(waiting);
    };
  }

  /** Resolves in the owner's turn, which lasts until the caller awaits something else. Resolves after a long wait too: a replay that began has to end. */
  turn(owner: WorkOwner): Promise<void> {
    return new Promise((resolve) => this.add(owner, { run: resolve, late: resolve }));
  }

  /** Forgets all waiting work. */
  close(): void {
    this.#closed = true;
    for (const { timer } of this.#parked.values()) this.#deps.clock.clearTimeout(timer);
    this.#parked.clear();
    this.#ready.clear();
  }

  #drainSoon(): void {
    if (this.#draining) return;
    this.#draining = true;
    queueMicrotask(() => void this.#drain());
  }

  async #drain(): Promise<void> {
    const { logger, stopwatch } = this.#deps;
    let sliceEnds = stopwatch() + sliceMs;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const begun = stopwatch();
      try {
        next.work.run();
      } catch (error) {
        logger.error({ err: error }, 'a piece of work failed; the others go on');
      }
      // The caller of `turn` continues within this.
      await Promise.resolve();
      const now = stopwatch();
      next.owner.spent(Math.min(now - begun, mostAtOnceMs));
      if (now < sliceEnds) continue;
      await new Promise((resolve) => setImmediate(resolve));
      sliceEnds = stopwatch() + sliceMs;
    }
    this.#draining = false;
  }

  #next(): { readonly owner: WorkOwner; readonly work: Waiting } | undefined {
    for (const [owner, works] of this.#ready) {
      this.#ready.delete(owner);
      const work = this.#firstInTime(works);
      if (work === undefined) continue;
      if (owner.owedMs > 0) {
        this.#park(owner, works);
        continue;
      }
      works.delete(work);
      if (works.size > 0) this.#ready.set(owner, works);
      return { owner, work };
    }
    return undefined;
  }

  /** All work waits equally long: the first piece is the first to be late. */
  #firstInTime(works: Set<Waiting>): Waiting | undefined {
    const now = this.#deps.clock.now();
    for (const work of works) {
      if (work.until > now) return work;
      works.delete(work);
      work.late();
    }
    return undefined;
  }

  #park(owner: WorkOwner, works: Set<Waiting>): void {
    if (this.#closed) return;
    const timer = this.#deps.clock.setTimeout(() => {
      this.#parked.delete(owner);
      if (works.size === 0) return;
      this.#ready.set(owner, works);
      this.#drainSoon();
    }, owner.owedMs);
    this.#parked.set(owner, { works, timer });
  }
}
