import {
  type ChannelSynced,
  type EphemeralEvent,
  isLogged,
  type LoggedEvent,
  ParleyError,
  type ReadAdvanced,
  type Seq,
} from '@parley/contracts';
import { type ChannelBusMessage, subjects } from '@parley/contracts/bus';
import type { Bus, BusSubscription, Clock, Logger, TimerHandle } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { Counters } from '../counters.ts';
import { ReadPointers } from './read-pointers.ts';
import { RecentEvents } from './recent-events.ts';
import { Sequencer } from './sequencer.ts';
import { TypingBoard } from './typing-board.ts';

/** Somebody who watches a channel. */
export interface TopicSubscriber {
  readonly viewerId: string | null;
  /** In order of `seq`, each once, as far as the topic knows. */
  logged(event: LoggedEvent): void;
  ephemeral(event: EphemeralEvent): void;
  /** Where the members have read to; `at` gives the one object that tells it to all who have seen as much of the log. */
  reads(pointers: readonly ReadAdvanced[], at: (position: Seq) => ChannelSynced): void;
  /** What lies before `head` can no longer be had. */
  reset(head: Seq): void;
  /** Membership changed: ask again whether they may watch. */
  reauthorise(): void;
  end(fault: ParleyError): void;
}

export interface TopicDeps {
  readonly bus: Bus;
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counters: Counters;
  readonly eventsPage: number;
}

/** How long a bus copy may be late before the log is asked. */
const holeMs = 200;
const maxHeld = 500;
const maxRetryMs = 5_000;

/** One watched channel on this node: its place on the bus, the contiguous head of its log, and who watches. */
export class Topic {
  readonly appId: string;
  readonly channelId: string;
  readonly subscribers = new Set<TopicSubscriber>();
  /** Of those who replay. */
  readonly recent: RecentEvents;
  readonly #deps: TopicDeps;
  readonly #sequencer = new Sequencer(maxHeld);
  readonly #typing: TypingBoard;
  readonly #subscription: BusSubscription;
  /** Of the questions for read pointers that have no answer yet. */
  readonly #asking = new Set<ReadPointers>();
  #timer: TimerHandle | undefined;
  #repairing = false;
  #closed = false;

  constructor(appId: string, channelId: string, deps: TopicDeps) {
    this.appId = appId;
    this.channelId = channelId;
    this.#deps = deps;
    this.recent = new RecentEvents(deps.clock);
    this.#typing = new TypingBoard(deps.clock, (event) => this.#ephemeral(event));
    this.#subscription = deps.bus.subscribe(subjects.channel(appId, channelId), (text) => {
      // Only our own services publish on this subject.
      this.#receive(JSON.parse(text) as ChannelBusMessage);
    });
  }

  /** What is published from then on arrives here. @throws unavailable */
  get ready(): Promise<void> {
    return this.#subscription.ready;
  }

  /** Everything up to here has been given to the subscribers; null before the first join. */
  get head(): Seq | null {
    return this.#sequencer.head;
  }

  /** The API says that the log reaches to `head`. `now`: a copy for it is not merely late. */
  noteHead(head: Seq, { now = false } = {}): void {
    this.#deliver(this.#sequencer.note(head));
    this.#mind(now ? 0 : holeMs);
  }

  /** Asks where the members have read to, and tells everyone. @throws unavailable, timeout, not_found */
  async refreshReads(): Promise<void> {
    if (this.#closed) return;
    const { appId, channelId } = this;
    const pointers = new ReadPointers();
    this.#asking.add(pointers);
    try {
      const { head, reads } = await this.#deps.ask('channel.reads', { appId, channelId });
      if (this.#closed) return;
      for (const read of reads) pointers.note(read);
      this.noteHead(head);
    } finally {
      this.#asking.delete(pointers);
    }
    this.#tellReads(pointers.values());
  }

  /** Asks again for everyone (`null`) or for one viewer. */
  reauthorise(viewerId: string | null): void {
    for (const subscriber of this.subscribers)
      if (viewerId === null || subscriber.viewerId === viewerId) subscriber.reauthorise();
  }

  /** There is nothing here to watch any more. */
  endAll(fault: ParleyError): void {
    for (const subscriber of [...this.subscribers]) subscriber.end(fault);
  }

  close(): void {
    this.#closed = true;
    this.#deps.clock.clearTimeout(this.#timer);
    this.#typing.close();
    this.recent.close();
    this.#subscription.unsubscribe();
  }

  #receive({ events }: ChannelBusMessage): void {
    if (this.#closed) return;
    const logged: LoggedEvent[] = [];
    for (const event of events) {
      if (isLogged(event)) logged.push(event);
      else {
        if (event.__typename === 'TypingChanged') this.#typing.note(event);
        this.#ephemeral(event);
      }
    }
    if (logged.length === 0) return;
    this.#accept(logged);
    this.#mind(this.#sequencer.isFull ? 0 : holeMs);
  }

  /** Copies from the bus, or what the log gave in their place: a removal counts wherever it was learnt. */
  #accept(events: readonly LoggedEvent[]): void {
    this.#deliver(this.#sequencer.accept(events));
    // Said at once, in order or not: a hole must not keep a removed member watching.
    for (const event of events)
      if (event.__typename === 'MembersRemoved') for (const userId of event.userIds) this.reauthorise(userId);
  }

  #tellReads(reads: readonly ReadAdvanced[]): void {
    // Such as in a channel without read receipts, which may have many watchers.
    if (reads.length === 0) return;
    const at = new Date(this.#deps.clock.now()).toISOString();
    const events = new Map<Seq, ChannelSynced>();
    const eventAt = (seq: Seq): ChannelSynced => {
      const event = events.get(seq) ?? { __typename: 'ChannelSynced', channelId: this.channelId, at, seq, reads };
      events.set(seq, event);
      return event;
    };
    for (const subscriber of this.subscribers) subscriber.reads(reads, eventAt);
  }

  #ephemeral(event: EphemeralEvent): void {
    if (event.__typename === 'ReadAdvanced') for (const pointers of this.#asking) pointers.note(event);
    for (const subscriber of this.subscribers) subscriber.ephemeral(event);
  }

  #deliver(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      for (const subscriber of this.subscribers) subscriber.logged(event);
      if (event.__typename === 'ChannelDeleted') this.endAll(channelGone(this.channelId));
    }
  }

  #mind(delayMs: number): void {
    if (this.#closed || this.#repairing) return;
    const { clock } = this.#deps;
    if (!this.#sequencer.hasHole) {
      clock.clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    if (this.#timer !== undefined && delayMs > 0) return;
    clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => void this.#repair(), delayMs);
  }

  async #repair(): Promise<void> {
    this.#timer = undefined;
    this.#repairing = true;
    let failures = 0;
    while (this.#sequencer.hasHole && !this.#closed) {
      try {
        if (await this.#fetchPage()) failures = 0;
        else failures += 1;
      } catch (err) {
        if (err instanceof ParleyError && (err.code === 'not_found' || err.code === 'forbidden'))
          this.endAll(channelGone(this.channelId));
        else
          this.#deps.logger.warn(
            { err, channelId: this.channelId },
            'unable to repair a hole in a channel; it will be tried again',
          );
        failures += 1;
      }
      if (failures > 0) await this.#pause(Math.min(holeMs * 2 ** (failures - 1), maxRetryMs));
    }
    this.#repairing = false;
  }

  /** Whether the page brought the head forward. */
  async #fetchPage(): Promise<boolean> {
    const { ask, counters, eventsPage: limit } = this.#deps;
    const after = this.#sequencer.head ?? 0;
    counters.repairs += 1;
    const page = await ask('channel.events', { appId: this.appId, channelId: this.channelId, after, limit });
    if (this.#closed) return true;
    const head = this.#sequencer.head ?? 0;
    if (page.floor > head) {
      const ready = this.#sequencer.startAt(Math.max(page.head, page.floor));
      for (const subscriber of this.subscribers) subscriber.reset(this.#sequencer.head ?? page.head);
      this.#deliver(ready);
      // Among what can no longer be had may be a removal.
      this.reauthorise(null);
      return true;
    }
    this.#accept(page.events);
    if (page.events.length === 0 && page.head <= head) this.#sequencer.settleFor(page.head);
    return (this.#sequencer.head ?? 0) > after;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed || !this.#sequencer.hasHole) return resolve();
      this.#timer = this.#deps.clock.setTimeout(resolve, ms);
    });
  }
}

export const channelGone = (channelId: string): ParleyError =>
  new ParleyError('not_found', `unable to watch ${channelId}; the channel was deleted`);
