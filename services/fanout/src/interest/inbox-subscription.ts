import { type InboxEvent, ParleyError } from '@parley/contracts';
import type { TimerHandle } from '@parley/service-kit';
import type { Listening } from './bus-feeds.ts';
import { type FeedDeps, reopenSpreadMs } from './feed-deps.ts';
import type { Due, OpenInbox } from './inboxes.ts';
import type { Subscriber } from './subscriber.ts';
import { ToldInbox } from './told-inbox.ts';

const maxWaiting = 1_000;
/** Of one channel that was told. */
const toldBytes = 256;

/** One subscriber's inbox: absolute state page by page, then live; nothing falls between, since listening starts before asking. */
export class InboxSubscription implements OpenInbox {
  readonly appId: string;
  readonly userId: string;
  readonly #deps: FeedDeps;
  readonly #subscriber: Subscriber;
  readonly #listening: Listening;
  readonly #told = new ToldInbox();
  readonly #undoAdd: () => void;
  readonly #undoReturn: () => void;
  readonly #undoLapse: () => void;
  #cursor: string | null;
  /** What it was told last that it is synced; of an epoch that is over, it brings everything. */
  #synced: { readonly epoch: string; readonly cursor: string } | undefined;
  /** The log is of another epoch than what was told: until it is told anew, nothing of it counts. */
  #stale = false;
  /** From where on it is to ask, when that is not what it told last. */
  #missedFrom: string | null = null;
  #opening = false;
  #again = false;
  #ended = false;
  #waiting: InboxEvent[] = [];
  #timer: TimerHandle | undefined;
  /** Bytes that are counted as kept. */
  #counted = 0;

  /** @throws forbidden for a token that speaks for nobody */
  constructor(deps: FeedDeps, subscriber: Subscriber, after: string | null) {
    const { appId, userId } = subscriber.principal;
    if (userId === null)
      throw new ParleyError('forbidden', 'unable to open an inbox; the token speaks for no user, give it a sub');
    this.appId = appId;
    this.userId = userId;
    this.#deps = deps;
    this.#subscriber = subscriber;
    this.#cursor = after;
    this.#listening = deps.feeds.user(appId, userId, (message) => {
      if (message.kind !== 'inbox') return;
      if (message.epoch !== undefined) this.compareEpoch(message.epoch);
      this.#hear(message.events);
    });
    this.#undoAdd = deps.inboxes.add(this);
    this.#undoReturn = deps.feeds.onReturn(() => this.#reopenSoon());
    this.#undoLapse = deps.leases.onLapse(() => this.#reopenSoon());
  }

  /** Faults end the subscription; never rejects. */
  async run(): Promise<void> {
    this.#opening = true;
    try {
      await this.#listening.ready;
      // Live numbers are told to users who hold a lease; asked before, the state would be older than the first of them.
      await this.#deps.leases.told(this.appId, this.userId);
      do {
        this.#again = false;
        this.#stale = false;
        await this.#readPages();
      } while (this.#again && !this.#ended);
      for (const event of this.#waiting.splice(0)) this.#send(event);
      this.#count();
    } catch (fault) {
      this.end(fault);
    } finally {
      this.#opening = false;
    }
  }

  compare({ numbers, totals, at, cursor }: Due): void {
    if (this.#opening || this.#ended) return;
    const isTold =
      numbers.every((some) => this.#told.agreesOn(some, at)) &&
      (totals === undefined || this.#told.agreesOnTotals(totals, at));
    if (isTold) return;
    this.#deps.counters.inboxRepairs += 1;
    this.#missedFrom ??= cursor;
    this.#reopenSoon();
  }

  compareEpoch(epoch: string): void {
    if (this.#synced === undefined || this.#synced.epoch === epoch || this.#stale || this.#ended) return;
    this.#stale = true;
    this.#missedFrom = this.#synced.cursor;
    this.#reopenSoon();
  }

  turn(): void {
    this.#told.turn();
    try {
      this.#count();
    } catch (fault) {
      this.end(fault);
    }
  }

  /** The state is absolute, so asking for it again says all, or why it is refused. */
  reauthorise(): void {
    if (this.#ended) return;
    if (this.#opening) this.#again = true;
    else void this.run();
  }

  end(fault: unknown): void {
    if (this.#ended) return;
    this.stop();
    this.#subscriber.fail(fault);
  }

  /** Harmless when repeated. */
  stop(): void {
    this.#ended = true;
    this.#waiting = [];
    this.#deps.clock.clearTimeout(this.#timer);
    this.#undoAdd();
    this.#undoReturn();
    this.#undoLapse();
    this.#listening.stop();
  }

  async #readPages(): Promise<void> {
    const after = this.#missedFrom ?? this.#cursor;
    this.#missedFrom = null;
    let page: string | null = null;
    do {
      const { principal } = this.#subscriber;
      const reply: { readonly events: readonly InboxEvent[]; readonly next: string | null } = await this.#deps.ask(
        'inbox.open',
        {
          principal,
          after,
          page,
        },
      );
      await this.#subscriber.turn();
      for (const event of reply.events) {
        if (this.#ended) return;
        this.#send(event);
        if (this.#subscriber.congested) await this.#subscriber.drained();
      }
      page = reply.next;
    } while (page !== null && !this.#ended);
  }

  /** What it remembers of what it told counts as its user's. @throws rate_limited */
  #count(): void {
    const bytes = this.#told.size * toldBytes;
    const more = bytes - this.#counted;
    this.#counted = bytes;
    this.#subscriber.keepsMore(more);
  }

  #hear(events: readonly InboxEvent[]): void {
    // Absolute state that is read anew says more than this, and its cursor must not become that of who has not been told.
    if (this.#ended || (this.#stale && !this.#opening)) return;
    if (!this.#opening) for (const event of events) this.#send(event);
    else if (this.#waiting.length + events.length <= maxWaiting) this.#waiting.push(...events);
    else {
      // The state is absolute: reading it again says the same as what is dropped here.
      this.#waiting = [];
      this.#again = true;
    }
  }

  #send(event: InboxEvent): void {
    this.#cursor = event.cursor;
    this.#told.note(event);
    if (event.__typename === 'InboxSynced') this.#synced = event;
    this.#subscriber.send(event, false);
  }

  #reopenSoon(): void {
    const { clock } = this.#deps;
    if (this.#opening) this.#again = true;
    else {
      clock.clearTimeout(this.#timer);
      this.#timer = clock.setTimeout(() => void this.run(), Math.random() * reopenSpreadMs);
    }
  }
}
