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
import { channelBusMessage } from '@parley/contracts/schemas';
import type { Bus, BusSubscription, Clock, Logger, TimerHandle } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { Counters } from '../counters.ts';
import { readBusMessage } from './bus-message.ts';
import { KnownReads } from './known-reads.ts';
import { LogFiller } from './log-filler.ts';
import { ReceiptThrottle } from './receipt-throttle.ts';
import { RecentEvents } from './recent-events.ts';
import { RecentlySent } from './recently-sent.ts';
import type { ReplayBudget } from './replay-budget.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import { Sequencer } from './sequencer.ts';
import { TypingTracker } from './typing-tracker.ts';

/** Somebody who watches a channel. */
export interface TopicSubscriber {
  readonly viewerId: string | null;
  /** In order of `seq`, each once, as far as the topic knows. */
  logged(event: LoggedEvent): void;
  ephemeral(event: EphemeralEvent): void;
  /** Where members have read to; `at` gives the one object that tells it to all who have seen as much of the log. */
  reads(at: (position: Seq) => ChannelSynced, ephemeral: boolean): void;
  /** What lies before `head` can no longer be had. */
  reset(head: Seq): void;
  /** Membership changed: ask again whether they may watch. */
  reauthorise(): void;
  end(error: ParleyError): void;
}

export interface TopicDeps {
  readonly bus: Bus;
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counters: Counters;
  readonly eventsPage: number;
  readonly replayBudget: ReplayBudget;
}

/** How long a bus copy may be late before the log is asked. */
const holeMs = 200;
const maxHeld = 500;
const maxRetryMs = 5_000;
/** Of one that came early and was held. */
const usualEventBytes = 2_048;

/** One watched channel on this node: its place on the bus, the contiguous head of its log, and who watches. */
export class Topic {
  readonly appId: string;
  readonly channelId: string;
  readonly subscribers = new Set<TopicSubscriber>();
  /** What was last given to the subscribers, for those who come back. */
  readonly replayBuffer: ReplayBuffer;
  /** Brings the replay buffer further back. */
  readonly filler: LogFiller;
  readonly knownReads: KnownReads;
  readonly #deps: TopicDeps;
  readonly #recent: RecentEvents;
  readonly #receipts: ReceiptThrottle;
  readonly #sequencer = new Sequencer(maxHeld);
  #lastSentReads = new RecentlySent<Seq>();
  readonly #typing: TypingTracker;
  readonly #subscription: BusSubscription;
  /** Of the log that the head is a position in; null before the first join. */
  #epoch: string | null = null;
  #timer: TimerHandle | undefined;
  #repairing = false;
  #doubting = false;
  #closed = false;

  constructor(appId: string, channelId: string, deps: TopicDeps) {
    this.appId = appId;
    this.channelId = channelId;
    this.#deps = deps;
    const { ask, clock, eventsPage } = deps;
    this.#recent = new RecentEvents(clock);
    this.replayBuffer = new ReplayBuffer(deps.replayBudget);
    const epoch = () => this.epoch;
    this.filler = new LogFiller({
      appId,
      channelId,
      ask,
      eventsPage,
      recent: this.#recent,
      buffer: this.replayBuffer,
      epoch,
    });
    this.knownReads = new KnownReads({ clock, channelId, epoch, ask: () => this.#askReads() });
    this.#receipts = new ReceiptThrottle({
      clock,
      notifyOne: (read) => this.#ephemeral(read),
      notifyMany: (reads) => this.#notifyReads(reads, true),
    });
    this.#typing = new TypingTracker(deps.clock, (event) => this.#ephemeral(event));
    this.#subscription = deps.bus.subscribe(subjects.channel(appId, channelId), (text) => {
      this.#receive(readBusMessage<ChannelBusMessage>(channelBusMessage, text), text.length);
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

  /** Of the log, as it was when it was asked for last. */
  get epoch(): string {
    return this.#epoch ?? '';
  }

  /** The API says that the log reaches to `head`, in `epoch`. `now`: a copy for it is not merely late. */
  noteHead(head: Seq, epoch: string, { now = false } = {}): void {
    if (this.#epoch !== null && epoch !== this.#epoch) {
      this.#restart(head, epoch);
      return;
    }
    this.#epoch = epoch;
    if (this.#sequencer.head === null) this.replayBuffer.startAt(head);
    this.#deliver(this.#sequencer.note(head));
    this.#mind(now ? 0 : holeMs);
  }

  /** Asks where the members have read to, and tells everyone. @throws unavailable, timeout, not_found */
  async refreshReads(): Promise<void> {
    if (this.#closed) return;
    const reads = await this.knownReads.learn();
    if (!this.#closed) this.#notifyReads(reads, false);
  }

  /** The database says that these pointers moved lately: whoever was not told is told now. A round is over. */
  compareReads(reads: readonly ReadAdvanced[]): void {
    const missed = reads.filter(({ userId, readSeq }) => (this.#lastSentReads.find(userId) ?? 0) < readSeq);
    for (const read of missed) this.#noteRead(read);
    this.#receipts.note(missed);
    this.#lastSentReads.turn();
  }

  /** Asks again for everyone (`null`) or for one viewer. */
  reauthorise(viewerId: string | null): void {
    for (const subscriber of this.subscribers)
      if (viewerId === null || subscriber.viewerId === viewerId) subscriber.reauthorise();
  }

  /** There is nothing here to watch any more. */
  endAll(error: ParleyError): void {
    for (const subscriber of [...this.subscribers]) subscriber.end(error);
  }

  close(): void {
    this.#closed = true;
    this.#deps.clock.clearTimeout(this.#timer);
    this.#typing.close();
    this.#recent.forget();
    this.#receipts.close();
    this.knownReads.forget();
    this.replayBuffer.startAt(0);
    this.#subscription.unsubscribe();
  }

  #receive({ epoch, events }: ChannelBusMessage, bytes: number): void {
    if (this.#closed) return;
    const logged: LoggedEvent[] = [];
    const reads: ReadAdvanced[] = [];
    for (const event of events) {
      if (isLogged(event)) logged.push(event);
      else if (event.__typename === 'ReadAdvanced') {
        this.#noteRead(event);
        reads.push(event);
      } else {
        if (event.__typename === 'TypingChanged') this.#typing.note(event);
        this.#ephemeral(event);
      }
    }
    if (logged.length > 0 && this.#isOfAnother(epoch)) void this.#doubt();
    else if (logged.length > 0) {
      this.#accept(logged, Math.ceil(bytes / events.length));
      this.#mind(this.#sequencer.isFull ? 0 : holeMs);
    }
    this.#receipts.note(reads);
  }

  /** Copies from the bus, or what the log gave in their place: a removal counts wherever it was learnt. */
  #accept(events: readonly LoggedEvent[], bytesEach: number): void {
    this.#deliver(this.#sequencer.accept(events), bytesEach);
    // Said at once, in order or not: a hole must not keep a removed member watching.
    for (const event of events)
      if (event.__typename === 'MembersRemoved') for (const userId of event.userIds) this.reauthorise(userId);
  }

  /** Whether positions are of another epoch than this topic's. What comes before the first join is held, and is of the epoch that the topic begins with. */
  #isOfAnother(epoch: string | undefined): boolean {
    if (epoch === undefined) return false;
    this.#epoch ??= epoch;
    return epoch !== this.#epoch;
  }

  /** A copy is of another epoch, which may be over or have just begun: the API says which one it is, and what was not taken from the copy is in the log. */
  async #doubt(): Promise<void> {
    if (this.#doubting) return;
    this.#doubting = true;
    const { appId, channelId } = this;
    try {
      const { epoch, heads } = await this.#deps.ask('channel.heads', { channels: [{ appId, channelId }] });
      const [head] = heads;
      if (!this.#closed && head === null) this.endAll(channelGone(channelId));
      else if (!this.#closed && head !== undefined && head !== null) this.noteHead(head, epoch, { now: true });
    } catch (error) {
      // All topics are compared with the log every ten seconds.
      this.#deps.logger.warn(
        { err: error, channelId },
        'unable to ask for the epoch of the log; it will be asked again',
      );
    } finally {
      this.#doubting = false;
    }
  }

  /** The log was set back, by a restored backup or a failover: nothing that is known of it may be told any more, and what was told is worth nothing. */
  #restart(head: Seq, epoch: string): void {
    this.#epoch = epoch;
    this.replayBuffer.startAt(head);
    this.#recent.forget();
    this.#sequencer.restartAt(head);
    this.#lastSentReads = new RecentlySent();
    this.knownReads.forget();
    for (const subscriber of [...this.subscribers]) subscriber.reset(head);
    // Who may watch may have been set back as well.
    this.reauthorise(null);
    this.refreshReads().catch((error: unknown) =>
      this.#deps.logger.warn(
        { err: error, channelId: this.channelId },
        'unable to tell who has read; it will be told later',
      ),
    );
  }

  #noteRead(read: ReadAdvanced): void {
    this.knownReads.note(read);
    this.#lastSentReads.note(read.userId, read.readSeq);
  }

  async #askReads(): Promise<readonly ReadAdvanced[]> {
    const { appId, channelId } = this;
    const { head, reads } = await this.#deps.ask('channel.reads', { appId, channelId });
    if (this.#epoch !== null && this.head !== null) this.noteHead(head, this.#epoch);
    for (const { userId, readSeq } of reads) this.#lastSentReads.note(userId, readSeq);
    return reads;
  }

  #notifyReads(reads: readonly ReadAdvanced[], ephemeral: boolean): void {
    // Such as in a channel without read receipts, which may have many watchers.
    if (reads.length === 0) return;
    const at = new Date(this.#deps.clock.now()).toISOString();
    const events = new Map<Seq, ChannelSynced>();
    const eventAt = (seq: Seq): ChannelSynced => {
      const { channelId, epoch } = this;
      const event = events.get(seq) ?? { __typename: 'ChannelSynced', channelId, at, seq, epoch, reads };
      events.set(seq, event);
      return event;
    };
    for (const subscriber of this.subscribers) subscriber.reads(eventAt, ephemeral);
  }

  #ephemeral(event: EphemeralEvent): void {
    for (const subscriber of this.subscribers) subscriber.ephemeral(event);
  }

  #deliver(events: readonly LoggedEvent[], bytesEach = usualEventBytes): void {
    for (const event of events) {
      this.replayBuffer.append(event, bytesEach);
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
      } catch (error) {
        if (error instanceof ParleyError && (error.code === 'not_found' || error.code === 'forbidden'))
          this.endAll(channelGone(this.channelId));
        else
          this.#deps.logger.warn(
            { err: error, channelId: this.channelId },
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
    if (page.epoch !== this.#epoch) {
      this.noteHead(page.head, page.epoch);
      return true;
    }
    const head = this.#sequencer.head ?? 0;
    if (page.floor > head) {
      const start = Math.max(page.head, page.floor);
      this.replayBuffer.startAt(start);
      const ready = this.#sequencer.startAt(start);
      for (const subscriber of this.subscribers) subscriber.reset(this.#sequencer.head ?? page.head);
      this.#deliver(ready);
      // Among what can no longer be had may be a removal.
      this.reauthorise(null);
      return true;
    }
    this.#accept(page.events, usualEventBytes);
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
