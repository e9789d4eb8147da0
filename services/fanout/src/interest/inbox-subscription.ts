import { type InboxEvent, ParleyError, type User } from '@parley/contracts';
import type { TimerHandle } from '@parley/service-kit';
import type { Listening } from './bus-feeds.ts';
import { type FeedDeps, reopenSpreadMs } from './feed-deps.ts';
import type { Due, OpenInbox } from './inboxes.ts';
import { LastSentInbox } from './last-sent-inbox.ts';
import type { Subscriber } from './subscriber.ts';

const maxWaiting = 1_000;
/** Bytes that the memory of one sent channel takes. */
const lastSentBytes = 256;

/** One subscriber's inbox: absolute state page by page, then live events. Listening starts before the first question, so that nothing falls in between. */
export class InboxSubscription implements OpenInbox {
  readonly appId: string;
  readonly userId: string;
  readonly #deps: FeedDeps;
  readonly #subscriber: Subscriber;
  readonly #listening: Listening;
  readonly #lastSent = new LastSentInbox();
  readonly #unsubscribes: readonly (() => void)[];
  #cursor: string | null;
  /** Of the last InboxSynced that was sent. A cursor of an earlier epoch brings everything. */
  #synced: { readonly epoch: string; readonly cursor: string } | undefined;
  /** The log has another epoch than the state that was sent: live events wait for the state to be read again. */
  #stale = false;
  /** Cursor to read from when events were missed before the last one that was sent. */
  #missedFrom: string | null = null;
  #opening = false;
  #again = false;
  #ended = false;
  #waiting: InboxEvent[] = [];
  /** Changed users that are to be told of when the state was sent; with more, the newest. */
  readonly #changedUsers = new Map<string, User>();
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
    this.#unsubscribes = [
      deps.inboxes.add(this),
      deps.feeds.onReturn(() => this.#reopenSoon()),
      deps.leases.onLapse(() => this.#reopenSoon()),
    ];
  }

  /** An error ends the subscription; never rejects. */
  async run(): Promise<void> {
    this.#opening = true;
    try {
      await this.#listening.ready;
      // Live numbers go only to users with a lease. State that was read before the lease would be older than the first of them.
      await this.#deps.leases.announced(this.appId, this.userId);
      do {
        this.#again = false;
        this.#stale = false;
        await this.#readPages();
      } while (this.#again && !this.#ended);
      for (const event of this.#waiting.splice(0)) this.#send(event);
      for (const user of this.#changedUsers.values()) this.#sendUser(user);
      this.#changedUsers.clear();
      this.#count();
    } catch (error) {
      this.end(error);
    } finally {
      this.#opening = false;
    }
  }

  compare({ numbers, totals, at, cursor }: Due): void {
    if (this.#opening || this.#ended) return;
    const isSent =
      numbers.every((some) => this.#lastSent.agreesOn(some, at)) &&
      (totals === undefined || this.#lastSent.agreesOnTotals(totals, at));
    if (isSent) return;
    this.#deps.counters.inboxRepairs += 1;
    this.#missedFrom ??= cursor;
    this.#reopenSoon();
  }

  userChanged(user: User): void {
    if (this.#ended) return;
    if (!this.#opening && !this.#stale) {
      this.#sendUser(user);
      return;
    }
    this.#changedUsers.delete(user.id);
    this.#changedUsers.set(user.id, user);
    for (const oldest of this.#changedUsers.keys()) {
      if (this.#changedUsers.size <= maxWaiting) break;
      this.#changedUsers.delete(oldest);
    }
  }

  compareEpoch(epoch: string): void {
    if (this.#synced === undefined || this.#synced.epoch === epoch || this.#stale || this.#ended) return;
    this.#stale = true;
    this.#missedFrom = this.#synced.cursor;
    this.#reopenSoon();
  }

  turn(): void {
    this.#lastSent.turn();
    try {
      this.#count();
    } catch (error) {
      this.end(error);
    }
  }

  /** Reads the absolute state again: the answer brings all, or the reason of a refusal. */
  reauthorise(): void {
    if (this.#ended) return;
    if (this.#opening) this.#again = true;
    else void this.run();
  }

  end(error: unknown): void {
    if (this.#ended) return;
    this.stop();
    this.#subscriber.fail(error);
  }

  /** Harmless when repeated. */
  stop(): void {
    this.#ended = true;
    this.#waiting = [];
    this.#changedUsers.clear();
    this.#deps.clock.clearTimeout(this.#timer);
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
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

  /** Counts the memory of what was sent for its user. @throws rate_limited */
  #count(): void {
    const bytes = this.#lastSent.size * lastSentBytes;
    const more = bytes - this.#counted;
    this.#counted = bytes;
    this.#subscriber.keepsMore(more);
  }

  #hear(events: readonly InboxEvent[]): void {
    // The state that is being read holds more than these events. Their cursor would hide what the subscriber misses.
    if (this.#ended || (this.#stale && !this.#opening)) return;
    if (!this.#opening) for (const event of events) this.#send(event);
    else if (this.#waiting.length + events.length <= maxWaiting) this.#waiting.push(...events);
    else {
      // The state is absolute: another read brings what is dropped here.
      this.#waiting = [];
      this.#again = true;
    }
  }

  #send(event: InboxEvent): void {
    this.#cursor = event.cursor;
    this.#lastSent.note(event);
    if (event.__typename === 'InboxSynced') this.#synced = event;
    this.#subscriber.send(event, false);
  }

  /** It is told at the position of now: it moves nothing. */
  #sendUser(user: User): void {
    if (this.#cursor === null || this.#ended) return;
    const cursor = this.#cursor;
    this.#subscriber.send({ __typename: 'InboxUserUpdated', at: user.updatedAt, cursor, user }, false);
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
