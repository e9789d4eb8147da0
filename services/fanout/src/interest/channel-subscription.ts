import { type ChannelSynced, type EphemeralEvent, type LoggedEvent, ParleyError, type Seq } from '@parley/contracts';
import type { Clock } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { Subscriber } from './subscriber.ts';
import type { Topic, TopicSubscriber } from './topic.ts';
import type { Topics } from './topics.ts';

export interface ChannelSubscriptionDeps {
  readonly topics: Topics;
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly eventsPage: number;
}

/** Delivery is cut within 1 s of a removal, so the answer has to come sooner. */
const reauthoriseMs = 900;

/** Of a replay in one turn: a few ms, where each is rendered anew. */
const eventsPerTurn = 16;

/** One subscriber's way through one channel's log: replay, ChannelSynced, live; each event once, in order. */
export class ChannelSubscription implements TopicSubscriber {
  readonly #deps: ChannelSubscriptionDeps;
  readonly #subscriber: Subscriber;
  readonly #topic: Topic;
  #position: Seq = 0;
  #joined = false;
  #live = false;
  #ended = false;

  constructor(deps: ChannelSubscriptionDeps, subscriber: Subscriber, channelId: string) {
    this.#deps = deps;
    this.#subscriber = subscriber;
    // Before the API is asked: what happens after its answer is on the bus, and somebody has to listen by then.
    this.#topic = deps.topics.join(subscriber.principal.appId, channelId, this);
  }

  get viewerId(): string | null {
    return this.#subscriber.principal.userId;
  }

  /**
   * Replays what follows `after` (null: nothing), then goes live. `epoch`: of the log that `after` is a position in; null when the client does not know it.
   * Faults end the subscription; never rejects.
   */
  async run(after: Seq | null, epoch: string | null): Promise<void> {
    try {
      await this.#topic.ready;
      const { principal } = this.#subscriber;
      const topic = this.#topic;
      const joining = this.#deps.ask('channel.join', { principal, channelId: topic.channelId });
      // Asked for at the same time; whether it failed is looked at when they are needed.
      topic.knownReads.learn().catch(() => undefined);
      const { epoch: current, head, floor } = await joining;
      if (this.#ended) return;
      topic.noteHead(head, current);
      this.#joined = true;
      this.#position = after ?? head;
      const isForeign = epoch !== null && epoch !== current;
      // A client that is ahead of the log, too, knows a history that no longer is (a restored backup).
      if (isForeign || this.#position < floor || this.#position > head) this.reset(head);
      while (!this.#ended && !this.#live) await this.#catchUp();
    } catch (error) {
      this.end(error);
    }
  }

  logged(event: LoggedEvent): void {
    // Before it is live, what it has not seen is in the replay buffer of the topic, or in the log.
    if (this.#live && event.seq > this.#position) this.#send(event);
  }

  ephemeral(event: EphemeralEvent): void {
    if (this.#live) this.#subscriber.send(event, true);
  }

  reads(at: (position: Seq) => ChannelSynced, ephemeral: boolean): void {
    if (this.#live) this.#subscriber.send(at(this.#position), ephemeral);
  }

  reset(head: Seq): void {
    // Before that it has been told nothing.
    if (!this.#joined) return;
    this.#position = head;
    const at = new Date(this.#deps.clock.now()).toISOString();
    const { channelId, epoch } = this.#topic;
    this.#subscriber.send({ __typename: 'ChannelReset', channelId, at, seq: head, epoch }, false);
  }

  reauthorise(): void {
    const { principal } = this.#subscriber;
    this.#deps
      .ask('channel.authorize', { principal, channelId: this.#topic.channelId }, reauthoriseMs)
      .catch((error: unknown) => this.end(error));
  }

  end(error: unknown): void {
    if (this.#ended) return;
    this.stop();
    this.#subscriber.fail(error);
  }

  /** Harmless when repeated. */
  stop(): void {
    this.#ended = true;
    this.#deps.topics.leave(this.#topic, this);
  }

  async #catchUp(): Promise<void> {
    const { channelId, filler, head, knownReads, replayBuffer } = this.#topic;
    if (this.#position >= (head ?? 0)) {
      // Nothing is awaited between this look and the last step, so no event and no read pointer can fall between.
      const synced = knownReads.syncedAt(this.#position);
      if (synced !== undefined) return this.#goLive(synced);
      await knownReads.learn();
      return;
    }
    // Taken before the look at what is kept: that changes when a message is edited or deleted.
    await this.#subscriber.turn();
    if (this.#ended) return;
    const kept = replayBuffer.after(this.#position);
    if (kept !== undefined) return await this.#replay(kept, true);
    const position = this.#position;
    const filled = await filler.fill(position);
    if (this.#ended) return;
    // A log that was set back: the topic begins anew, and so do all who watch it.
    if (filled.epoch !== this.#topic.epoch) return this.#topic.noteHead(filled.head, filled.epoch);
    if (filled.floor > position) return this.reset(Math.max(filled.head, filled.floor));
    await this.#replay(filled.events, false);
    if (filled.after === position && filled.events.length === 0 && replayBuffer.from > position)
      throw new ParleyError('unavailable', `unable to replay ${channelId}; the log gave no event after ${position}`);
  }

  /** Events in order, some perhaps known, some perhaps too early. `kept`: they are at hand, as they are then, after a pause too. */
  async #replay(events: readonly LoggedEvent[], kept: boolean): Promise<void> {
    let sent = 0;
    for (const event of events) {
      if (event.seq <= this.#position) continue;
      if (sent === eventsPerTurn) {
        if (kept) return;
        await this.#subscriber.turn();
        if (this.#ended) return;
        sent = 0;
      }
      if (event.seq > this.#position + 1) return;
      this.#send(event);
      sent += 1;
      const paused = this.#subscriber.congested;
      if (paused) await this.#subscriber.drained();
      if (this.#ended || (paused && kept)) return;
    }
  }

  #goLive(synced: ChannelSynced): void {
    this.#live = true;
    this.#subscriber.send(synced, false);
  }

  #send(event: LoggedEvent): void {
    this.#position = event.seq;
    this.#subscriber.send(event, false);
  }
}
