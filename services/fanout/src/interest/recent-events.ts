import type { LoggedEvent, Seq } from '@parley/contracts';
import type { Clock, TimerHandle } from '@parley/service-kit';
import { saysMore } from './said-now.ts';

const keepMs = 1_000;
const maxKept = 500;

/**
 * One object for each event. After the restart of a node everybody resumes at once, and the same page of a log arrives many times. The renderer remembers
 * results by object: a thousand replays cost one execution for each event.
 */
export class RecentEvents {
  readonly #clock: Clock;
  readonly #events = new Map<Seq, LoggedEvent>();
  #timer: TimerHandle | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the object that stands for this event. An event that was read after an edit or deletion replaces one that was read before. */
  same(event: LoggedEvent): LoggedEvent {
    const known = this.#events.get(event.seq);
    if (known !== undefined && !saysMore(event, known)) return known;
    if (known !== undefined || this.#events.size < maxKept) this.#events.set(event.seq, event);
    this.#timer ??= this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#events.clear();
    }, keepMs);
    return event;
  }

  forget(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#events.clear();
  }
}
