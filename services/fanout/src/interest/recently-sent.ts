const generations = 5;
/** Entries of one generation. A busier channel gets some values twice, which does no harm. */
const maxPerGeneration = 5_000;

/** Remembers what was sent lately, by key, for at least four more turns. */
export class RecentlySent<Value> {
  /** Newest generation first. Empty until something is sent, since most keys never are. */
  #kept: readonly Map<string, Value>[] = [];

  get size(): number {
    return this.#kept.reduce((sum, { size }) => sum + size, 0);
  }

  note(key: string, value: Value): void {
    const [newest = new Map<string, Value>()] = this.#kept;
    if (this.#kept.length === 0) this.#kept = [newest];
    if (newest.size < maxPerGeneration || newest.has(key)) newest.set(key, value);
  }

  find(key: string): Value | undefined {
    return this.#kept.find((kept) => kept.has(key))?.get(key);
  }

  /** Begins a new generation and forgets the oldest one. */
  turn(): void {
    const kept = this.#kept.slice(0, generations - 1);
    this.#kept = kept.some(({ size }) => size > 0) ? [new Map(), ...kept] : [];
  }
}
