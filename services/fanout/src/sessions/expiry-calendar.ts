import type { Clock, TimerHandle } from '@parley/service-kit';

const tickMs = 1_000;

/** Members by the second at which their time is up, with one timer for all of them. */
export class ExpiryCalendar<Member> {
  readonly #clock: Clock;
  readonly #expire: (member: Member) => void;
  readonly #bySecond = new Map<number, Set<Member>>();
  readonly #secondOf = new Map<Member, number>();
  #lastSecond: number;
  #timer: TimerHandle | undefined;

  constructor(clock: Clock, expire: (member: Member) => void) {
    this.#clock = clock;
    this.#expire = expire;
    this.#lastSecond = this.#nowSeconds();
    this.#schedule();
  }

  /** `second`: since 1970. Replaces an earlier date. */
  set(member: Member, second: number): void {
    this.delete(member);
    // A date in the past falls due at the next tick.
    const due = Math.max(Math.ceil(second), this.#lastSecond + 1);
    const members = this.#bySecond.get(due) ?? new Set();
    this.#bySecond.set(due, members.add(member));
    this.#secondOf.set(member, due);
  }

  delete(member: Member): void {
    const second = this.#secondOf.get(member);
    if (second === undefined) return;
    this.#secondOf.delete(member);
    const members = this.#bySecond.get(second);
    members?.delete(member);
    if (members?.size === 0) this.#bySecond.delete(second);
  }

  close(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#bySecond.clear();
    this.#secondOf.clear();
  }

  #schedule(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#schedule();
      const now = this.#nowSeconds();
      for (let second = this.#lastSecond + 1; second <= now; second += 1) {
        for (const member of this.#bySecond.get(second) ?? []) {
          this.#secondOf.delete(member);
          this.#expire(member);
        }
        this.#bySecond.delete(second);
      }
      this.#lastSecond = Math.max(now, this.#lastSecond);
    }, tickMs);
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock.now() / 1_000);
  }
}
