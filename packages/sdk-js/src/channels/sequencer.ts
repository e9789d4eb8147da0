import type { LoggedEvent } from './channel-event.ts';
/** Lets a channel's events through strictly by `seq`: each once, without holes. */
export interface Sequencer {
  /** Position of the last event that was let through. */
  readonly head: number;
  /** Events that came early and wait for those before them. */
  readonly held: number;
  /** What can be applied now, in order: nothing for a repeated or an early one. */
  offer(event: LoggedEvent): readonly LoggedEvent[];
  /** Holds everything until the next `startAfter`. */
  pause(): void;
  /** Starts anew after `seq`; what is held beyond it stays. Returns what can be applied now. */
  startAfter(seq: number): readonly LoggedEvent[];
  /** As `pause`, and nothing that was let through or is held counts any more: the log is another one. */
  restart(): void;
  /** Drops what is held. */
  forget(): void;
}

const mostHeld = 1_000;

export function createSequencer(start: number): Sequencer {
  let head = start;
  let paused = false;
  const early = new Map<number, LoggedEvent>();

  const release = (): readonly LoggedEvent[] => {
    const ready: LoggedEvent[] = [];
    if (paused) return ready;
    for (let next = early.get(head + 1); next !== undefined; next = early.get(head + 1)) {
      early.delete(next.seq);
      head = next.seq;
      ready.push(next);
    }
    return ready;
  };

  return {
    get head() {
      return head;
    },
    get held() {
      return early.size;
    },
    offer(event) {
      // While it is paused, what counts is where it starts again.
      if (event.seq <= head && !paused) return [];
      // Beyond the bound an early one is let go: the gap before it makes the log be read again anyway.
      if (event.seq !== head + 1 && early.size >= mostHeld) return [];
      early.set(event.seq, event);
      return release();
    },
    pause() {
      paused = true;
    },
    restart() {
      paused = true;
      head = 0;
      early.clear();
    },
    startAfter(seq) {
      head = seq;
      paused = false;
      for (const held of early.keys()) if (held <= seq) early.delete(held);
      return release();
    },
    forget: () => early.clear(),
  };
}
