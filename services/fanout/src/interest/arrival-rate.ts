/** Arrivals are counted in slots of this length. */
const slotMs = 100;
/** One client that opens its channels must not wait like one of a thousand. */
const burstCount = 10;
const surgeCount = 50;
/** A surge comes in bursts. The pauses between them belong to it. */
const surgeLastsMs = 1_000;

/** `burst`: one busy client. `surge`: many clients at once, such as after the death of another node. */
export type Arrivals = 'few' | 'burst' | 'surge';

/** Measures how many requests arrive: few are served one by one, many are served together. */
export class ArrivalRate {
  #slot = 0;
  #inSlot = 0;
  #before = 0;
  #surgeUntil = Number.NEGATIVE_INFINITY;

  /** Counts one arrival at `now`, ms. Over 10 within 100 to 200 ms are a burst. Over 50 are a surge, for the next second too. */
  note(now: number): Arrivals {
    const slot = Math.floor(now / slotMs);
    if (slot !== this.#slot) {
      this.#before = slot === this.#slot + 1 ? this.#inSlot : 0;
      this.#slot = slot;
      this.#inSlot = 0;
    }
    this.#inSlot += 1;
    const count = this.#before + this.#inSlot;
    if (count > surgeCount) this.#surgeUntil = now + surgeLastsMs;
    if (now < this.#surgeUntil) return 'surge';
    return count > burstCount ? 'burst' : 'few';
  }
}
