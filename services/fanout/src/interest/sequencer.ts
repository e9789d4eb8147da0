import type { LoggedEvent, Seq } from '@parley/contracts';

/**
 * Puts the copies of one channel's log that arrive over the bus (late, twice, out of order, or never) back into the one order that counts: by
 * dense `seq`. Pure: what to do about a hole is its owner's affair.
 */
export class Sequencer {
  readonly #maxHeld: number;
  readonly #held = new Map<Seq, LoggedEvent>();
  #head: Seq | null = null;
  #known: Seq = 0;

  constructor(maxHeld: number) {
    this.#maxHeld = maxHeld;
  }

  /** Everything up to here was given out; null before the first {@link startAt}. */
  get head(): Seq | null {
    return this.#head;
  }

  /** Whether events are known to exist that cannot be given out yet. */
  get hasHole(): boolean {
    return this.#head !== null && this.#known > this.#head;
  }

  get isFull(): boolean {
    return this.#held.size >= this.#maxHeld;
  }

  /** Takes copies; gives back what is in order now. */
  accept(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
    const ready: LoggedEvent[] = [];
    for (const event of events) {
      if (this.#head !== null && event.seq <= this.#head) continue;
      this.#known = Math.max(this.#known, event.seq);
      if (this.#head !== null && event.seq === this.#head + 1) {
        ready.push(event);
        this.#head = event.seq;
        this.#drainInto(ready);
      } else if (!this.isFull) this.#held.set(event.seq, event);
    }
    return ready;
  }

  /** Says that the log reaches to `head`: a starting point the first time, a claim to be fulfilled later on. */
  note(head: Seq): readonly LoggedEvent[] {
    if (this.#head === null) return this.startAt(head);
    this.#known = Math.max(this.#known, head);
    return [];
  }

  /** Goes on behind `head`, whatever was missing before it. */
  startAt(head: Seq): readonly LoggedEvent[] {
    this.#head = head;
    this.#known = Math.max(this.#known, head);
    for (const seq of this.#held.keys()) if (seq <= head) this.#held.delete(seq);
    const ready: LoggedEvent[] = [];
    this.#drainInto(ready);
    return ready;
  }

  /** Goes on behind `head` of another log: nothing of the one before counts any more. */
  restartAt(head: Seq): void {
    this.#held.clear();
    this.#head = head;
    this.#known = head;
  }

  /** Forgets claims that the log does not bear out. */
  settleFor(head: Seq): void {
    this.#known = Math.max(head, ...this.#held.keys());
  }

  #drainInto(ready: LoggedEvent[]): void {
    if (this.#head === null) return;
    for (let next = this.#held.get(this.#head + 1); next !== undefined; next = this.#held.get(this.#head + 1)) {
      this.#held.delete(next.seq);
      this.#head = next.seq;
      ready.push(next);
    }
  }
}
