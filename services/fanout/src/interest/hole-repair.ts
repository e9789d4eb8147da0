import type { Clock, TimerHandle } from '@parley/service-kit';

export interface HoleRepairDeps {
  readonly clock: Clock;
  readonly hasHole: () => boolean;
  /** Reads a page of the log. Resolves with whether it moved the head forward. */
  readonly readPage: () => Promise<boolean>;
  readonly failed: (error: unknown) => void;
}

/** A copy on the bus may be late by so much before the log is asked. */
export const lateMs = 200;
const maxRetryMs = 5_000;

/** Pause after so many failures in a row, ms. */
export const pauseAfter = (failures: number): number => Math.min(lateMs * 2 ** (failures - 1), maxRetryMs);

/** Reads the log while events are known to exist that the bus did not bring. */
export class HoleRepair {
  readonly #deps: HoleRepairDeps;
  #timer: TimerHandle | undefined;
  #resume: (() => void) | undefined;
  #running = false;
  #closed = false;

  constructor(deps: HoleRepairDeps) {
    this.#deps = deps;
  }

  /** Starts a repair when there is a hole. `now`: a copy is not merely late. A hole that is gone needs no repair. */
  check({ now }: { readonly now: boolean }): void {
    if (this.#closed || this.#running) return;
    const { clock, hasHole } = this.#deps;
    if (!hasHole()) this.#clearTimer();
    else if (this.#timer === undefined || now) {
      this.#clearTimer();
      this.#timer = clock.setTimeout(() => void this.#run(), now ? 0 : lateMs);
    }
  }

  close(): void {
    this.#closed = true;
    this.#clearTimer();
    this.#resume?.();
  }

  async #run(): Promise<void> {
    const { hasHole, readPage, failed } = this.#deps;
    this.#timer = undefined;
    this.#running = true;
    let failures = 0;
    while (hasHole() && !this.#closed) {
      try {
        failures = (await readPage()) ? 0 : failures + 1;
      } catch (error) {
        failed(error);
        failures += 1;
      }
      if (failures > 0 && hasHole() && !this.#closed) await this.#pause(pauseAfter(failures));
    }
    this.#running = false;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#resume = resolve;
      this.#timer = this.#deps.clock.setTimeout(resolve, ms);
    });
  }

  #clearTimer(): void {
    this.#deps.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
