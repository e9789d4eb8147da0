import type { LoggedEvent } from './channel-event.ts';

/** Lets the events of a log through strictly by `seq`: each once, without holes. A value; each step makes the next one. */
export interface Sequence {
  /** Position of the last event that was let through. */
  readonly head: number;
  /** While it is paused everything is held, until it starts after a known position. */
  readonly paused: boolean;
  /** Events that came early and wait for those before them, by `seq`. */
  readonly held: ReadonlyMap<number, LoggedEvent>;
}

/** The events that can be applied now, in order. */
export interface Release {
  readonly sequence: Sequence;
  readonly ready: readonly LoggedEvent[];
}

const mostHeld = 1_000;
const none: ReadonlyMap<number, LoggedEvent> = new Map();

export const newSequence: Sequence = { head: 0, paused: false, held: none };

/** Nothing is ready for a repeated event or an early one. */
export function offer(sequence: Sequence, event: LoggedEvent): Release {
  const { head, paused, held } = sequence;
  // While it is paused, what counts is where it starts again.
  const repeated = event.seq <= head && !paused;
  // Beyond the bound an early event is let go: the gap before it makes the log be read again anyway.
  const tooMany = event.seq !== head + 1 && held.size >= mostHeld;
  if (repeated || tooMany) return { sequence, ready: [] };
  if (event.seq === head + 1 && !paused && held.size === 0)
    return { sequence: { ...sequence, head: event.seq }, ready: [event] };
  return release({ ...sequence, held: new Map(held).set(event.seq, event) });
}

export const pause = (sequence: Sequence): Sequence => ({ ...sequence, paused: true });

/** Starts anew after `seq`; held events beyond it stay. */
export function startAfter(sequence: Sequence, seq: number): Release {
  const held = new Map([...sequence.held].filter(([position]) => position > seq));
  return release({ head: seq, paused: false, held });
}

/** Paused, and nothing that was let through or is held counts any more: the log is another one. */
export const restart = (): Sequence => ({ head: 0, paused: true, held: none });

/** Drops what is held. */
export const forget = (sequence: Sequence): Sequence => ({ ...sequence, held: none });

function release(sequence: Sequence): Release {
  const ready: LoggedEvent[] = [];
  if (sequence.paused) return { sequence, ready };
  const held = new Map(sequence.held);
  let { head } = sequence;
  for (let next = held.get(head + 1); next !== undefined; next = held.get(head + 1)) {
    held.delete(next.seq);
    head = next.seq;
    ready.push(next);
  }
  return { sequence: { ...sequence, head, held }, ready };
}
