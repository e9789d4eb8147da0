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
