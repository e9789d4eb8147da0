import type { Tail } from './tail.ts';

const nodeBytes = 64 * 1024 * 1024;

/** What the tails of all channels of a node may take together; those that were not touched for longest give way. */
export class TailBudget {
  readonly #limit: number;
  /** With the bytes counted for each, the one touched last at the end. */
  readonly #tails = new Map<Tail, number>();
  #bytes = 0;

  constructor(limit = nodeBytes) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Call when a tail grew or was of use. */
  touch(tail: Tail): void {
    this.#bytes += tail.bytes - (this.#tails.get(tail) ?? 0);
    this.#tails.delete(tail);
    this.#tails.set(tail, tail.bytes);
    while (this.#bytes > this.#limit) {
      const [oldest] = this.#tails.keys();
      if (oldest === undefined) return;
      const before = this.#tails.get(oldest) ?? 0;
      const after = oldest.shrink();
      this.#bytes += after - before;
      if (after === 0) this.#tails.delete(oldest);
      else this.#tails.set(oldest, after);
    }
  }

  drop(tail: Tail): void {
    this.#bytes -= this.#tails.get(tail) ?? 0;
    this.#tails.delete(tail);
  }
}
