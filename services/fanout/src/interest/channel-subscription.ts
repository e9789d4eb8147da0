import {
  type ChannelSynced,
  type EphemeralEvent,
  type LoggedEvent,
  ParleyError,
  type Seq,
  type User,
  type UserUpdated,
} from '@parley/contracts';
import { reservedChannel } from '@parley/contracts/bus';
import type { Clock } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { Subscriber } from './subscriber.ts';
import type { Topic } from './topic.ts';
import type { TopicSubscriber } from './topic-subscribers.ts';
import type { Topics } from './topics.ts';
import type { UsersNow } from './users-now.ts';

export interface ChannelSubscriptionDeps {
  readonly topics: Topics;
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly eventsPage: number;
  readonly usersNow: UsersNow;
}

/** Delivery ends within 1 s of a removal: the answer has to come sooner. */
const reauthoriseMs = 900;

/** Events of a replay in one turn: a few ms when each is rendered anew. */
const eventsPerTurn = 16;

/** One subscriber's way through one channel's log: replay, ChannelSynced, live events. Each event comes once, in order. */
export class ChannelSubscription implements TopicSubscriber {
  readonly #deps: ChannelSubscriptionDeps;
  readonly #subscriber: Subscriber;
  readonly #topic: Topic;
  #position: Seq = 0;
  #joined = false;
  #live = false;
  #ended = false;
  /** Those of events from the buffer, as they were asked for in this replay or changed since. What is read from the log has them already. */
  readonly #users = new Map<string, User | undefined>();
  /** Told of when the replay is over. */
  readonly #changed = new Map<string, UserUpdated>();

  constructor(deps: ChannelSubscriptionDeps, subscriber: Subscriber, channelId: string) {
    this.#deps = deps;
    this.#subscriber = subscriber;
    // Before the question to the API: events after its answer come over the bus, which has to be listened to by then.
    this.#topic = deps.topics.join(subscriber.principal.appId, channelId, this);
  }

  get viewerId(): string | null {
    return this.#subscriber.principal.userId;
  }

  /**
   * Replays what follows `after` (null: nothing), then goes live. `epoch`: of the log that `after` is a position in; null when the client does not know it.
   * An error ends the subscription; never rejects.
   */
  async run(after: Seq | null, epoch: string | null): Promise<void> {
    try {
      await this.#topic.ready;
      const { principal } = this.#subscriber;
      const topic = this.#topic;
      const returning = after === null ? {} : { after };
      const joining = this.#deps.ask('channel.join', { principal, channelId: topic.channelId, ...returning });
      // In parallel. A failure shows when the pointers are needed.
      topic.receipts.known.learn().catch(() => undefined);
      const { epoch: current, head, floor, changedUsers } = await joining;
      if (this.#ended) return;
      topic.replica.noteHead(head, current);
      this.#joined = true;
      this.#position = after ?? head;
      const isForeign = epoch !== null && epoch !== current;
      // A client ahead of the log also knows a history that is gone (a restored backup).
      if (isForeign || this.#position < floor || this.#position > head) this.reset(head);
      // More profiles changed than are told of one by one: a snapshot has all of them.
      else if (changedUsers === null) this.reset(head);
      else for (const user of changedUsers ?? []) this.#userUpdated(topic.changedUsers.eventOf(user));
      while (!this.#ended && !this.#live) await this.#catchUp();
    } catch (error) {
      this.end(error);
    }
  }

  logged(event: LoggedEvent): void {
    // Events before it is live are in the replay buffer, or in the log. A replay from the log may be ahead of the topic.
    if (this.#live && event.seq > this.#position) this.#send(event);
  }

  ephemeral(event: EphemeralEvent): void {
    if (event.__typename === 'UserUpdated') this.#userUpdated(event);
    else if (this.#live) this.#subscriber.send(event, true);
  }

  reads(at: (position: Seq) => ChannelSynced, ephemeral: boolean): void {
    if (this.#live) this.#subscriber.send(at(this.#position), ephemeral);
  }

  reset(head: Seq): void {
    // Nothing was sent before the join.
    if (!this.#joined) return;
    this.#position = head;
    const at = new Date(this.#deps.clock.now()).toISOString();
    const { channelId, replica } = this.#topic;
    const { epoch } = replica;
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
    const { channelId, receipts, replica } = this.#topic;
    if (this.#position >= (replica.head ?? 0)) {
      // No await between this check and the last step: no event and no read pointer can fall in between.
      const synced = receipts.known.syncedAt(this.#position);
      if (synced !== undefined) return this.#goLive(synced);
      await receipts.known.learn();
      return;
    }
    // The turn comes before the look at the buffer, which changes when a message is edited or deleted.
    await this.#subscriber.turn();
    if (this.#ended) return;
    const kept = replica.buffer.after(this.#position);
    if (kept !== undefined) {
      // What waits for an answer looks at the buffer again.
      if (await this.#loadUsers(kept)) return;
      return await this.#replay(kept, true);
    }
    const position = this.#position;
    const filled = await replica.filler.fill(position);
    if (this.#ended) return;
    // The log was set back: the topic starts over, with all its subscribers.
    if (filled.epoch !== replica.epoch) return replica.noteHead(filled.head, filled.epoch);
    if (filled.floor > position) return this.reset(Math.max(filled.head, filled.floor));
    await this.#replay(filled.events, false);
    if (filled.after === position && filled.events.length === 0 && replica.buffer.from > position)
      throw new ParleyError('unavailable', `unable to replay ${channelId}; the log gave no event after ${position}`);
  }

  /** Sends events in order: known ones are skipped, and a hole ends the replay. `kept`: they come from the buffer, which is looked at again after a pause. */
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
      this.#send(this.#deps.usersNow.show(event, this.#users));
      sent += 1;
      const paused = this.#subscriber.congested;
      if (paused) await this.#subscriber.drained();
      if (this.#ended || (paused && kept)) return;
    }
  }

  /** It is not left out when the connection is behind: no later event says it again. */
  #userUpdated(event: UserUpdated): void {
    if (this.#live) {
      this.#subscriber.send(event, false);
      return;
    }
    this.#changed.set(event.user.id, event);
    if (this.#users.has(event.user.id)) this.#users.set(event.user.id, event.user);
  }

  /** Asks for the users of the next events. Resolves with false when all of them were known. */
  async #loadUsers(events: readonly LoggedEvent[]): Promise<boolean> {
    const { appId } = this.#topic;
    const { usersNow } = this.#deps;
    const next = events.filter(({ seq }) => seq > this.#position).slice(0, eventsPerTurn);
    if (appId === reservedChannel.appId || usersNow.missing(next, this.#users).length === 0) return false;
    await usersNow.load(appId, next, this.#users);
    return true;
  }

  #goLive(synced: ChannelSynced): void {
    this.#live = true;
    for (const event of this.#changed.values()) this.#subscriber.send(event, false);
    this.#changed.clear();
    this.#users.clear();
    this.#subscriber.send(synced, false);
  }

  #send(event: LoggedEvent): void {
    this.#position = event.seq;
    this.#subscriber.send(event, false);
  }
}
