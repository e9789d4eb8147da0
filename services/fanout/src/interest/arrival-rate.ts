/** Arrivals within one slot. */
const slotMs = 100;
const many = 10;
/** A storm comes in gusts, and what comes between them is still part of it. */
const lastsMs = 1_000;

/** Tells a few arrivals, which are served one by one, from a storm, in which they are served together. */
export class ArrivalRate {
  #slot = 0;
  #inSlot = 0;
  #before = 0;
  #stormUntil = Number.NEGATIVE_INFINITY;

  /** One more at `now`, ms; whether it is part of a storm: there were more than 10 in 100 to 200 ms, less than a second ago. */
  note(now: number): boolean {
    const slot = Math.floor(now / slotMs);
    if (slot !== this.#slot) {
      this.#before = slot === this.#slot + 1 ? this.#inSlot : 0;
      this.#slot = slot;
      this.#inSlot = 0;
    }
    this.#inSlot += 1;
    if (this.#before + this.#inSlot > many) this.#stormUntil = now + lastsMs;
    return now < this.#stormUntil;
  }
}
