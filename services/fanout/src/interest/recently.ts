const generations = 5;
/** Of one generation; a channel in which more happens is told some of it twice. */
const most = 5_000;

/** What was told lately, by key: it is remembered for four more turns at least. */
export class Recently<Value> {
  /** The newest first; none before there is something, since most things that could be told are not. */
  #kept: readonly Map<string, Value>[] = [];

  get size(): number {
    return this.#kept.reduce((sum, { size }) => sum + size, 0);
  }

  note(key: string, value: Value): void {
    const [newest = new Map<string, Value>()] = this.#kept;
    if (this.#kept.length === 0) this.#kept = [newest];
    if (newest.size < most || newest.has(key)) newest.set(key, value);
  }

  find(key: string): Value | undefined {
    return this.#kept.find((kept) => kept.has(key))?.get(key);
  }

  turn(): void {
    const kept = this.#kept.slice(0, generations - 1);
    this.#kept = kept.some(({ size }) => size > 0) ? [new Map(), ...kept] : [];
  }
}
