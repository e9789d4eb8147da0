/** Arrivals within one slot. */
const slotMs = 100;
/** One client that opens its channels; it must not wait like one of a thousand. */
const some = 10;
const many = 50;
/** A storm comes in gusts, and what comes between them is still part of it. */
const lastsMs = 1_000;

/** A gust is what one busy client makes. */
export type Arrivals = 'few' | 'gust' | 'storm';

/** Tells a few arrivals, which are served one by one, from a storm, in which they are served together. */
export class ArrivalRate {
  #slot = 0;
  #inSlot = 0;
  #before = 0;
  #stormUntil = Number.NEGATIVE_INFINITY;

  /** One more at `now`, ms. There were more than 10 in 100 to 200 ms: a gust. More than 50, less than a second ago: a storm. */
  note(now: number): Arrivals {
    const slot = Math.floor(now / slotMs);
    if (slot !== this.#slot) {
      this.#before = slot === this.#slot + 1 ? this.#inSlot : 0;
      this.#slot = slot;
      this.#inSlot = 0;
    }
    this.#inSlot += 1;
    const count = this.#before + this.#inSlot;
    if (count > many) this.#stormUntil = now + lastsMs;
    if (now < this.#stormUntil) return 'storm';
    return count > some ? 'gust' : 'few';
  }
}
