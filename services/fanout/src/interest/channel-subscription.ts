import {
  type ChannelEvent,
  type ChannelSynced,
  type EphemeralEvent,
  type LoggedEvent,
  ParleyError,
  type ReadAdvanced,
  type Seq,
} from '@parley/contracts';
import type { Clock } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import { ReadPointers } from './read-pointers.ts';
import type { Subscriber } from './subscriber.ts';
import type { Topic, TopicSubscriber } from './topic.ts';
import type { Topics } from './topics.ts';

export interface ChannelSubscriptionDeps {
  readonly topics: Topics;
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly eventsPage: number;
}

/** Live events kept while the past is replayed; more than that is asked for again. */
const maxWaiting = 500;
/** Delivery is cut within 1 s of a removal, so the answer has to come sooner. */
const reauthoriseMs = 900;

/** One subscriber's way through one channel's log: replay, ChannelSynced, live; each event once, in order. */
export class ChannelSubscription implements TopicSubscriber {
  readonly #deps: ChannelSubscriptionDeps;
  readonly #subscriber: Subscriber;
  readonly #topic: Topic;
  #position: Seq = 0;
  #live = false;
  #ended = false;
  #waiting: LoggedEvent[] = [];
  /** Until it is live. */
  #reads: ReadPointers | undefined = new ReadPointers();

  constructor(deps: ChannelSubscriptionDeps, subscriber: Subscriber, channelId: string) {
    this.#deps = deps;
    this.#subscriber = subscriber;
    // Before the API is asked: what happens after its answer is on the bus, and somebody has to listen by then.
    this.#topic = deps.topics.join(subscriber.principal.appId, channelId, this);
  }

  get viewerId(): string | null {
    return this.#subscriber.principal.userId;
  }

  /** Replays what follows `after` (null: nothing), then goes live. Faults end the subscription; never rejects. */
  async run(after: Seq | null): Promise<void> {
    try {
      await this.#topic.ready;
      const { principal } = this.#subscriber;
      const { channelId } = this.#topic;
      const joined = await this.#deps.ask('channel.join', { principal, channelId, after });
      if (this.#ended) return;
      this.#topic.noteHead(joined.head);
      for (const read of joined.reads) this.#reads?.note(read);
      // A client that is ahead of the log knows a history that no longer is (a restored backup).
      if (joined.reset || (after ?? 0) > joined.head) this.reset(joined.head);
      else {
        this.#position = after ?? joined.head;
        await this.#replay(joined.events);
      }
      while (!this.#ended && !this.#live) await this.#catchUp();
    } catch (fault) {
      this.end(fault);
    }
  }

  logged(event: LoggedEvent): void {
    if (this.#live) {
      if (event.seq > this.#position) this.#send(event);
    } else if (this.#waiting.length < maxWaiting) this.#waiting.push(event);
  }

  ephemeral(event: EphemeralEvent): void {
    if (this.#live) this.#subscriber.send(event, true);
    else if (event.__typename === 'ReadAdvanced') this.#reads?.note(event);
  }

  reads(pointers: readonly ReadAdvanced[], at: (position: Seq) => ChannelSynced): void {
    if (this.#live) this.#subscriber.send(at(this.#position), false);
    else for (const read of pointers) this.#reads?.note(read);
  }

  reset(head: Seq): void {
    this.#position = head;
    this.#subscriber.send(this.#stamp({ __typename: 'ChannelReset', seq: head }), false);
  }

  reauthorise(): void {
    const { principal } = this.#subscriber;
    this.#deps
      .ask('channel.authorize', { principal, channelId: this.#topic.channelId }, reauthoriseMs)
      .catch((fault: unknown) => this.end(fault));
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
    this.#reads = undefined;
    this.#deps.topics.leave(this.#topic, this);
  }

  async #catchUp(): Promise<void> {
    await this.#replay(this.#waiting.splice(0));
    if (this.#ended) return;
    // Nothing is awaited from here to `#live = true`, so no event can fall between.
    if (this.#waiting.length > 0) return;
    if (this.#position >= (this.#topic.head ?? 0)) return this.#goLive();
    const { appId, channelId } = this.#topic;
    const after = this.#position;
    const page = await this.#deps.ask('channel.events', { appId, channelId, after, limit: this.#deps.eventsPage });
    if (this.#ended) return;
    if (page.floor > this.#position) return this.reset(Math.max(page.head, page.floor));
    await this.#replay(page.events);
    if (this.#position === after)
      throw new ParleyError('unavailable', `unable to replay ${channelId}; the log gave no event after ${after}`);
  }

  /** Events in order, some perhaps known, some perhaps too early. */
  async #replay(events: readonly LoggedEvent[]): Promise<void> {
    for (const event of events) {
      if (event.seq <= this.#position) continue;
      if (event.seq > this.#position + 1) return;
      this.#send(this.#topic.recent.same(event));
      if (this.#subscriber.congested) await this.#subscriber.drained();
      if (this.#ended) return;
    }
  }

  #goLive(): void {
    this.#live = true;
    const reads = this.#reads?.values() ?? [];
    this.#reads = undefined;
    this.#subscriber.send(this.#stamp({ __typename: 'ChannelSynced', seq: this.#position, reads }), false);
  }

  #send(event: LoggedEvent): void {
    this.#position = event.seq;
    this.#subscriber.send(event, false);
  }

  #stamp<Event extends Omit<ChannelEvent, 'channelId' | 'at'>>(
    event: Event,
  ): Event & { channelId: string; at: string } {
    return { ...event, channelId: this.#topic.channelId, at: new Date(this.#deps.clock.now()).toISOString() };
  }
}
