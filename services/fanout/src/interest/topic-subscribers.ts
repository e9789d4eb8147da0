import type { ChannelSynced, EphemeralEvent, LoggedEvent, ParleyError, ReadAdvanced, Seq } from '@parley/contracts';

/** Somebody who watches a channel. */
export interface TopicSubscriber {
  readonly viewerId: string | null;
  /** In order of `seq`, each once, as far as the topic knows. */
  logged(event: LoggedEvent): void;
  ephemeral(event: EphemeralEvent): void;
  /** Positions of the readers. `at` returns one shared object for all subscribers at the same position of the log. */
  reads(at: (position: Seq) => ChannelSynced, ephemeral: boolean): void;
  /** The events before `head` are no longer available. */
  reset(head: Seq): void;
  /** Membership changed: asks again whether the subscriber may watch. */
  reauthorise(): void;
  end(error: ParleyError): void;
}

/** Read pointers of a channel, and the log that they belong to. */
export interface ReadsOfChannel {
  readonly channelId: string;
  readonly epoch: string;
  /** ISO 8601. */
  readonly at: string;
  readonly reads: readonly ReadAdvanced[];
}

/** The subscribers of one channel on this node. */
export class TopicSubscribers {
  readonly #all = new Set<TopicSubscriber>();

  get size(): number {
    return this.#all.size;
  }

  add(subscriber: TopicSubscriber): void {
    this.#all.add(subscriber);
  }

  /** Whether the subscriber was there. */
  delete(subscriber: TopicSubscriber): boolean {
    return this.#all.delete(subscriber);
  }

  logged(event: LoggedEvent): void {
    for (const subscriber of this.#all) subscriber.logged(event);
  }

  ephemeral(event: EphemeralEvent): void {
    for (const subscriber of this.#all) subscriber.ephemeral(event);
  }

  /** Sends read pointers as ChannelSynced: one object for each position, so that it is rendered once. */
  reads(of: ReadsOfChannel, ephemeral: boolean): void {
    // A channel without read receipts may have many subscribers.
    if (of.reads.length === 0) return;
    const events = new Map<Seq, ChannelSynced>();
    const eventAt = (seq: Seq): ChannelSynced => {
      const event = events.get(seq) ?? { __typename: 'ChannelSynced', ...of, seq };
      events.set(seq, event);
      return event;
    };
    for (const subscriber of this.#all) subscriber.reads(eventAt, ephemeral);
  }

  reset(head: Seq): void {
    for (const subscriber of [...this.#all]) subscriber.reset(head);
  }

  /** Asks again for everyone (`null`) or for one viewer. */
  reauthorise(viewerId: string | null): void {
    for (const subscriber of this.#all)
      if (viewerId === null || subscriber.viewerId === viewerId) subscriber.reauthorise();
  }

  end(error: ParleyError): void {
    for (const subscriber of [...this.#all]) subscriber.end(error);
  }
}
