import type { LoggedEvent, Seq } from '@parley/contracts';
import type { ReplayBudget } from './replay-budget.ts';
import { isRewording, type Rewording, saidNow } from './said-now.ts';

const mostEvents = 256;
const mostBytes = 256 * 1024;

interface Kept {
  readonly event: LoggedEvent;
  readonly bytes: number;
}

/**
 * The newest events of one channel's log, without a hole, up to the head. A dead node sends thousands of clients to another one, and most of them missed
 * the same few events: the buffer serves each event as one object, and the renderer remembers results by object. Messages read as in the log: an event
 * before a deletion does not hold the deleted words.
 */
export class ReplayBuffer {
  readonly #budget: ReplayBudget;
  #kept: Kept[] = [];
  #bytes = 0;
  #from: Seq = 0;

  constructor(budget: ReplayBudget) {
    this.#budget = budget;
  }

  /** Position before the first kept event. */
  get from(): Seq {
    return this.#from;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Forgets everything. The next event is the one after `head`. */
  startAt(head: Seq): void {
    this.#kept = [];
    this.#bytes = 0;
    this.#from = head;
    this.#budget.drop(this);
  }

  /** The next event of the log. */
  append(event: LoggedEvent, bytes: number): void {
    if (event.seq !== this.#from + this.#kept.length + 1) this.startAt(event.seq - 1);
    if (isRewording(event)) this.#reword(event);
    this.#kept.push({ event, bytes });
    this.#bytes += bytes;
    this.#trim();
    this.#budget.touch(this);
  }

  /** Takes older events: consecutive ones that reach to {@link from} or further. */
  prepend(events: readonly LoggedEvent[]): void {
    const older = this.asSaidNow(events.filter(({ seq }) => seq <= this.#from)).map((event) => ({
      event,
      bytes: bytesOf(event),
    }));
    const [first] = older;
    if (first === undefined || older.at(-1)?.event.seq !== this.#from) return;
    this.#kept = [...older, ...this.#kept];
    this.#from = first.event.seq - 1;
    for (const { bytes } of older) this.#bytes += bytes;
    this.#trim();
    this.#budget.touch(this);
  }

  /** Returns every event after `seq`; undefined when the buffer does not reach back so far. */
  after(seq: Seq): readonly LoggedEvent[] | undefined {
    if (seq < this.#from) return undefined;
    return this.#kept.slice(seq - this.#from).map(({ event }) => event);
  }

  /** Whether the user did one of these events, or wrote their message. */
  shows(userId: string): boolean {
    return this.#kept.some(
      ({ event }) => event.actor?.id === userId || ('message' in event && event.message.user?.id === userId),
    );
  }

  /** Applies the edits and deletions of this buffer to events that were read from the log earlier. */
  asSaidNow(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
    const rewordings = this.#kept.flatMap(({ event }) => (isRewording(event) ? [event] : []));
    return events.map((event) =>
      rewordings.reduce((now, change) => (change.seq > now.seq ? saidNow(now, change) : now), event),
    );
  }

  /** Forgets the oldest half, or everything when there is little. Returns the bytes that remain. */
  shrink(): number {
    const keep = this.#kept.length >= 8 ? Math.floor(this.#kept.length / 2) : 0;
    while (this.#kept.length > keep) this.#dropOldest();
    return this.#bytes;
  }

  #reword(change: Rewording): void {
    this.#kept = this.#kept.map((kept) => {
      const event = saidNow(kept.event, change);
      if (event === kept.event) return kept;
      const bytes = bytesOf(event);
      this.#bytes += bytes - kept.bytes;
      return { event, bytes };
    });
  }

  #trim(): void {
    while (this.#kept.length > mostEvents || this.#bytes > mostBytes) this.#dropOldest();
  }

  #dropOldest(): void {
    const oldest = this.#kept.shift();
    if (oldest === undefined) return;
    this.#bytes -= oldest.bytes;
    this.#from = oldest.event.seq;
  }
}

/** Size of an event as JSON: an estimate for the budget. */
const bytesOf = (event: LoggedEvent): number => JSON.stringify(event).length;
