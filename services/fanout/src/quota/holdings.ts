/** Things that are held several times and count once. */
export class Holdings {
  #holders: Map<string, number> | undefined;

  get size(): number {
    return this.#holders?.size ?? 0;
  }

  has(key: string): boolean {
    return this.#holders?.has(key) === true;
  }

  /** Whether it was not held before. */
  hold(key: string): boolean {
    this.#holders ??= new Map();
    const holders = this.#holders.get(key) ?? 0;
    this.#holders.set(key, holders + 1);
    return holders === 0;
  }

  /** Once for each {@link hold}. Whether nobody holds it any more. */
  release(key: string): boolean {
    const holders = this.#holders?.get(key) ?? 0;
    if (holders > 1) this.#holders?.set(key, holders - 1);
    else this.#holders?.delete(key);
    return holders === 1;
  }
}
