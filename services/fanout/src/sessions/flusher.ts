import type { Bundle } from './bundle.ts';

/** Something that holds bytes back for a moment. */
export interface Flushable {
  flush(): void;
}

/** The least from one write of a busy connection to its next; frames that come in between leave in one. */
export const collectMs = 5;

/**
 * Says when the queues of all connections write: at the end of the current turn, or a few ms later, by one timer for all of them. In real time,
 * whatever clock the rules of the service run on.
 */
export class Flusher {
  #soon: Flushable[] = [];
  /** By the time at which they write, of which there are few: whole ms within the next `collectMs`. */
  readonly #later = new Map<number, Flushable[]>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = 0;
  #now = 0;
  #inTurn = false;
  #grown: Bundle[] = [];
  readonly #endTurn = () => {
    this.#inTurn = false;
    for (const bundle of this.#grown.splice(0)) bundle.forget();
  };
  readonly #noteGrown = (bundle: Bundle) => {
    this.#beginTurn();
    this.#grown.push(bundle);
  };

  /** In whole ms, of any origin; looked up once a turn, since a turn may be about thousands of connections. */
  get now(): number {
    this.#beginTurn();
    return this.#now;
  }

  /** A bundle and the frame behind it. */
  join(bundle: Bundle, frame: Bundle): Bundle {
    return bundle.with(frame, this.#noteGrown);
  }

  /** After everything that the current turn still has to say. */
  soon(queue: Flushable): void {
    if (this.#soon.push(queue) === 1) queueMicrotask(() => flushAll(this.#takeSoon()));
  }

  /** At the time `at`, as `now` gives it. */
  later(queue: Flushable, at: number): void {
    const others = this.#later.get(at);
    if (others !== undefined) {
      others.push(queue);
      return;
    }
    this.#later.set(at, [queue]);
    if (this.#timer === undefined || at < this.#timerAt) this.#wakeAt(at);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    flushAll(this.#takeLater(Number.POSITIVE_INFINITY));
  }

  #wakeAt(at: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // The timer's clock may be a fraction of a ms ahead: what it was set for is due, whatever the time.
      const due = this.#takeLater(Math.max(at, this.now));
      if (this.#later.size > 0) this.#wakeAt(Math.min(...this.#later.keys()));
      flushAll(due);
    }, at - this.now);
  }

  #beginTurn(): void {
    if (this.#inTurn) return;
    this.#inTurn = true;
    this.#now = Math.trunc(performance.now());
    queueMicrotask(this.#endTurn);
  }

  #takeSoon(): readonly Flushable[] {
    const taken = this.#soon;
    this.#soon = [];
    return taken;
  }

  #takeLater(until: number): readonly Flushable[] {
    const taken: Flushable[] = [];
    for (const [at, queues] of this.#later) {
      if (at > until) continue;
      this.#later.delete(at);
      for (const queue of queues) taken.push(queue);
    }
    return taken;
  }
}

function flushAll(queues: readonly Flushable[]): void {
  for (const queue of queues) queue.flush();
}
