import type { Clock, Logger, TimerHandle } from '@parley/service-kit';

export interface ReconcilerDeps {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** Completes the log line "unable to …; it will be tried again". */
  readonly task: string;
  /** Compares once. Rejects when the database could not be asked. */
  readonly compare: () => Promise<void>;
}

const everyMs = 10_000;
const firstRetryMs = 1_000;

/** Time until the next comparison, ms. Retries double up to the usual interval: an expensive question must not be asked every second. */
export const delayAfter = (failures: number): number =>
  failures === 0 ? everyMs : Math.min(firstRetryMs * 2 ** (failures - 1), everyMs);

/**
 * Compares what a node sent with the database, every ten seconds. The bus may silently lose the last event of a channel, the last number of an inbox or
 * the last change of somebody's access, after which nothing shows the loss (ADR 8).
 */
export class Reconciler {
  readonly #deps: ReconcilerDeps;
  #failures = 0;
  /** Of the newest comparison. Only that one schedules the next. */
  #round = 0;
  #timer: TimerHandle | undefined;
  #closed = false;

  constructor(deps: ReconcilerDeps) {
    this.#deps = deps;
    this.#schedule();
  }

  /** Compares at once, such as when the bus is back. A comparison that still waits for the lost bus is not waited for. */
  retryNow(): void {
    if (!this.#closed) void this.#compare();
  }

  close(): void {
    this.#closed = true;
    this.#deps.clock.clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#timer = this.#deps.clock.setTimeout(() => void this.#compare(), delayAfter(this.#failures));
  }

  async #compare(): Promise<void> {
    const { clock, compare, logger, task } = this.#deps;
    clock.clearTimeout(this.#timer);
    this.#round += 1;
    const round = this.#round;
    let isDone = false;
    try {
      await compare();
      isDone = true;
    } catch (error) {
      if (!this.#closed) logger.warn({ err: error }, `unable to ${task}; it will be tried again`);
    }
    if (this.#closed || round !== this.#round) return;
    this.#failures = isDone ? 0 : this.#failures + 1;
    this.#schedule();
  }
}
