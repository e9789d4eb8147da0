import type { ReplayBuffer } from './replay-buffer.ts';

const nodeBytes = 64 * 1024 * 1024;

/** The bytes that all replay buffers of a node may take together. The buffer that was not used for longest shrinks first. */
export class ReplayBudget {
  readonly #limit: number;
  /** Bytes counted for each buffer. The last one was used most recently. */
  readonly #buffers = new Map<ReplayBuffer, number>();
  #bytes = 0;

  constructor(limit = nodeBytes) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Counts the buffer anew and marks it as used. */
  touch(buffer: ReplayBuffer): void {
    this.#bytes += buffer.bytes - (this.#buffers.get(buffer) ?? 0);
    this.#buffers.delete(buffer);
    this.#buffers.set(buffer, buffer.bytes);
    // Not an LRU cache: the oldest entry shrinks by half and stays in its place.
    while (this.#bytes > this.#limit) {
      const [oldest] = this.#buffers.keys();
      if (oldest === undefined) return;
      const before = this.#buffers.get(oldest) ?? 0;
      const after = oldest.shrink();
      this.#bytes += after - before;
      if (after === 0) this.#buffers.delete(oldest);
      else this.#buffers.set(oldest, after);
    }
  }

  drop(buffer: ReplayBuffer): void {
    this.#bytes -= this.#buffers.get(buffer) ?? 0;
    this.#buffers.delete(buffer);
  }
}
