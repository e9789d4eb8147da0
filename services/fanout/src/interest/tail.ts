import type { LoggedEvent, Seq } from '@parley/contracts';
import { isRewording, type Rewording, saidNow } from './said-now.ts';
import type { TailBudget } from './tail-budget.ts';

const mostEvents = 256;
const mostBytes = 256 * 1024;

interface Kept {
  readonly event: LoggedEvent;
  readonly bytes: number;
}

/**
 * The last events of one channel's log without a hole, up to the head. When a node dies thousands come back to another at once, and most of them have
 * missed the same few events: these are read once, and rendered once, since what is rendered is remembered by object. Like the log it shows what messages
 * say now: what was deleted is in no event before its deletion.
 */
export class Tail {
  readonly #budget: TailBudget;
  #kept: Kept[] = [];
  #bytes = 0;
  #from: Seq = 0;

  constructor(budget: TailBudget) {
    this.#budget = budget;
  }

  /** What follows this is kept. */
  get from(): Seq {
    return this.#from;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Forgets everything; the next event is the one after `head`. */
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

  /** Events that follow each other and reach to {@link from}, or further. */
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

  /** Everything after `seq`; undefined when it reaches back further than what is kept. */
  after(seq: Seq): readonly LoggedEvent[] | undefined {
    if (seq < this.#from) return undefined;
    return this.#kept.slice(seq - this.#from).map(({ event }) => event);
  }

  /** Events that were read from the log some time ago, as it shows them after what is kept here. */
  asSaidNow(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
    const rewordings = this.#kept.flatMap(({ event }) => (isRewording(event) ? [event] : []));
    return events.map((event) =>
      rewordings.reduce((now, change) => (change.seq > now.seq ? saidNow(now, change) : now), event),
    );
  }

  /** Forgets the oldest half, or all when that is little; gives the bytes that are kept now. */
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

/** What an event takes as JSON, near enough for a budget. */
const bytesOf = (event: LoggedEvent): number => JSON.stringify(event).length;
