import type { Clock, TimerHandle } from '@parley/service-kit';

/** Visits every member once a turn, spread over its slots, with one timer for all of them. */
export class TimerWheel<Member> {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #visit: (member: Member) => void;
  readonly #slots: Set<Member>[];
  #current = 0;
  #timer: TimerHandle | undefined;

  constructor(
    clock: Clock,
    { turnMs, slots }: { readonly turnMs: number; readonly slots: number },
    visit: (member: Member) => void,
  ) {
    this.#clock = clock;
    this.#tickMs = turnMs / slots;
    this.#visit = visit;
    this.#slots = Array.from({ length: slots }, () => new Set<Member>());
    this.#schedule();
  }

  /** Adds a member. Its first visit comes after a whole turn. Returns a function that removes it. */
  add(member: Member): () => void {
    const slot = this.#slots[this.#current];
    slot?.add(member);
    return () => slot?.delete(member);
  }

  close(): void {
    this.#clock.clearTimeout(this.#timer);
    for (const slot of this.#slots) slot.clear();
  }

  #schedule(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#schedule();
      this.#current = (this.#current + 1) % this.#slots.length;
      for (const member of this.#slots[this.#current] ?? []) this.#visit(member);
    }, this.#tickMs);
  }
}
