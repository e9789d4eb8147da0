import type { Clock, Logger, TimerHandle } from '@parley/service-kit';

/** Whose work it is. */
export interface WorkOwner {
  /** Told how long its work has kept the node busy, ms. */
  spent(ms: number): void;
  /** How long its work has to wait, since it took more than its share; 0: not at all. */
  readonly owedMs: number;
}

/** A piece of work, of some milliseconds at most. */
export interface Work {
  run(): void;
  /** It waited for too long, and will not run. */
  late(): void;
}

export interface FairQueueDeps {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error'>;
  /** In ms, of any origin; finer than the clock of the rules. */
  readonly stopwatch: () => number;
}

/** After so much work in a row sockets are looked at again. */
const sliceMs = 8;
/** Longer than anybody waits for an operation to start. */
const waitMs = 10_000;
/** A process that was stopped, or starved, has not worked all the time. */
const mostAtOnceMs = 100;

interface Waiting extends Work {
  readonly until: number;
}

interface Parked {
  readonly works: Set<Waiting>;
  readonly timer: TimerHandle;
}

/**
 * One piece of work of each owner in turn, however many of them one has: who asks for much waits for what it asked for, and nobody else does. Work is
 * paid for in time: whose share is used up is passed over until it has some again.
 */
export class FairQueue {
  readonly #deps: FairQueueDeps;
  /** In the order of their turns. */
  readonly #ready = new Map<WorkOwner, Set<Waiting>>();
  /** Of owners that owe. */
  readonly #parked = new Map<WorkOwner, Parked>();
  #draining = false;
  #closed = false;

  constructor(deps: FairQueueDeps) {
    this.#deps = deps;
  }

  /** Pieces that wait. */
  get size(): number {
    let size = 0;
    for (const works of this.#ready.values()) size += works.size;
    for (const { works } of this.#parked.values()) size += works.size;
    return size;
  }

  /** Runs it in its owner's turn, never before this returns. Returns its undo. */
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

  /** Resolves in the owner's turn, which lasts until whoever awaited it awaits something else; also after a long wait, since what began has to end. */
  turn(owner: WorkOwner): Promise<void> {
    return new Promise((resolve) => this.add(owner, { run: resolve, late: resolve }));
  }

  /** Forgets what waits. */
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
      } catch (err) {
        logger.error({ err }, 'a piece of work failed; the others go on');
      }
      // Whoever awaited a turn goes on within this.
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

  /** All wait equally long, so the first is the first to be late. */
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
