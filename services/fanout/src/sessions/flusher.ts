import type { Bundle } from './bundle.ts';

/** Something that holds bytes back for a moment. */
export interface Flushable {
  flush(): void;
}

/** Frames that follow each other within this time leave in one write. */
export const collectMs = 5;

/**
 * Says when the queues of all connections write: at the end of the current turn, or a few ms later, by one timer for all of them. In real time,
 * whatever clock the rules of the service run on.
 */
export class Flusher {
  #soon: Flushable[] = [];
  #later: Flushable[] = [];
  #timer: NodeJS.Timeout | undefined;
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
    if (this.#soon.push(queue) === 1) queueMicrotask(() => flushAll(this.#take('soon')));
  }

  later(queue: Flushable): void {
    this.#later.push(queue);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      flushAll(this.#take('later'));
    }, collectMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    flushAll(this.#take('later'));
  }

  #beginTurn(): void {
    if (this.#inTurn) return;
    this.#inTurn = true;
    this.#now = Math.trunc(performance.now());
    queueMicrotask(this.#endTurn);
  }

  #take(which: 'soon' | 'later'): readonly Flushable[] {
    const taken = which === 'soon' ? this.#soon : this.#later;
    if (which === 'soon') this.#soon = [];
    else this.#later = [];
    return taken;
  }
}

function flushAll(queues: readonly Flushable[]): void {
  for (const queue of queues) queue.flush();
}
