import type { LoggedEvent, Seq } from '@parley/contracts';
import type { AskApi } from '../api-client.ts';
import { knownPartOfLog } from './newer-event.ts';
import type { RecentEvents } from './recent-events.ts';
import type { ReplayBuffer } from './replay-buffer.ts';

export interface LogFillerDeps {
  readonly appId: string;
  readonly channelId: string;
  readonly ask: AskApi;
  readonly eventsPage: number;
  readonly recent: RecentEvents;
  readonly buffer: ReplayBuffer;
  /** Epoch of the log that the buffer holds. */
  readonly epoch: () => string;
}

/** Events of the log after `after`, in order. Empty when the log has another epoch than the topic. */
export interface Filled {
  readonly epoch: string;
  readonly after: Seq;
  readonly head: Seq;
  readonly floor: Seq;
  readonly events: readonly LoggedEvent[];
}

interface Filling {
  after: Seq;
  isAsked: boolean;
  readonly filled: Promise<Filled>;
}

const mostEvents = 256;

/** Reads from the log what the replay buffer of a channel does not reach back to: once for all who want it at the same time, from where the first of them is. */
export class LogFiller {
  readonly #deps: LogFillerDeps;
  #filling: Filling | undefined;

  constructor(deps: LogFillerDeps) {
    this.#deps = deps;
  }

  /** Reads what follows `after`, or an earlier position, and extends the buffer when it can. @throws unavailable, timeout, not_found */
  async fill(after: Seq): Promise<Filled> {
    const filling = this.#filling;
    if (filling === undefined) return await this.#start(after).filled;
    if (!filling.isAsked) filling.after = Math.min(filling.after, after);
    else if (filling.after > after) {
      await filling.filled.catch(() => undefined);
      return await this.fill(after);
    }
    return await filling.filled;
  }

  #start(after: Seq): Filling {
    // Subscribers whose permission came in the same answer ask in this turn.
    const filled = new Promise((resolve) => setImmediate(resolve))
      .then(() => {
        filling.isAsked = true;
        return this.#read(filling.after);
      })
      .finally(() => {
        if (this.#filling === filling) this.#filling = undefined;
      });
    const filling: Filling = { after, isAsked: false, filled };
    this.#filling = filling;
    return filling;
  }

  async #read(after: Seq): Promise<Filled> {
    const { appId, channelId, ask, eventsPage: limit, epoch: ownEpoch, recent, buffer } = this.#deps;
    const events: LoggedEvent[] = [];
    let at = after;
    for (;;) {
      const { epoch, head, floor, events: page } = await ask('channel.events', { appId, channelId, after: at, limit });
      if (epoch !== ownEpoch()) return { epoch, after, head, floor, events: [] };
      // Events read before the log was pruned are in order. A subscriber behind the floor asks again and gets a reset.
      if (floor > at)
        return { epoch, after, head, floor: events.length === 0 ? floor : 0, events: buffer.asSaidNow(events) };
      for (const event of knownPartOfLog(page)) {
        if (event.seq !== at + 1) break;
        events.push(recent.same(event));
        at = event.seq;
      }
      const isWhole = at >= Math.min(buffer.from, head);
      if (isWhole) buffer.prepend(events);
      // A subscriber further back than a buffer reaches continues alone, page by page, at the pace of its connection.
      if (isWhole || page.length === 0 || events.length >= mostEvents)
        return { epoch, after, head, floor, events: buffer.asSaidNow(events) };
    }
  }
}
