import {
  isLogged,
  isOpenChannelType,
  type LoggedEvent,
  ParleyError,
  type ReadAdvanced,
  type Seq,
  splitChannelId,
  type User,
} from '@parley/contracts';
import { type ChannelBusMessage, subjects } from '@parley/contracts/bus';
import type { Bus, BusSubscription, Clock, Logger } from '@parley/service-kit';
import { readChannelMessage } from './bus-message.ts';
import { ChangedUsers } from './changed-users.ts';
import { ChannelReceipts } from './channel-receipts.ts';
import { ChannelReplica, type ReplicaDeps, type ReplicaListener } from './channel-replica.ts';
import { TopicSubscribers } from './topic-subscribers.ts';
import { TypingTracker } from './typing-tracker.ts';

export interface TopicDeps extends ReplicaDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * One watched channel on this node. Messages of the bus go to the replica of its log, to its receipts and to its typing tracker; whatever these bring
 * forth goes to the subscribers.
 */
export class Topic implements ReplicaListener {
  readonly appId: string;
  readonly channelId: string;
  readonly subscribers = new TopicSubscribers();
  readonly replica: ChannelReplica;
  readonly receipts: ChannelReceipts;
  readonly changedUsers: ChangedUsers;
  readonly #clock: Clock;
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #typing: TypingTracker;
  readonly #subscription: BusSubscription;
  #closed = false;

  constructor(appId: string, channelId: string, deps: TopicDeps) {
    this.appId = appId;
    this.channelId = channelId;
    const { ask, bus, clock, logger } = deps;
    this.#clock = clock;
    this.changedUsers = new ChangedUsers(channelId);
    this.#logger = logger;
    this.replica = new ChannelReplica(appId, channelId, deps, this);
    this.receipts = new ChannelReceipts({
      appId,
      channelId,
      ask,
      clock,
      epoch: () => this.replica.epoch,
      noteReadTo: (head) => this.replica.noteReadTo(head),
      notifyOne: (read) => this.subscribers.ephemeral(read),
      notifyMany: (reads, ephemeral) => this.#notifyReads(reads, ephemeral),
    });
    this.#typing = new TypingTracker(clock, (event) => this.subscribers.ephemeral(event));
    this.#subscription = bus.subscribe(subjects.channel(appId, channelId), (text) =>
      this.#receive(readChannelMessage(text), text.length),
    );
  }

  /** Messages that are published from then on arrive here. @throws unavailable */
  get ready(): Promise<void> {
    return this.#subscription.ready;
  }

  logged(event: LoggedEvent): void {
    this.subscribers.logged(this.changedUsers.apply(event));
  }

  /** The profile of somebody whom the channel shows changed. */
  userChanged(user: User): void {
    this.subscribers.ephemeral(this.changedUsers.eventOf(user));
  }

  /** Whether the channel is open to everybody, and its newest events are of the user. */
  showsStranger(userId: string): boolean {
    return isOpenChannelType(splitChannelId(this.channelId).type) && this.replica.buffer.shows(userId);
  }

  membersRemoved(userIds: readonly string[]): void {
    for (const userId of userIds) this.subscribers.reauthorise(userId);
  }

  reset(head: Seq): void {
    this.subscribers.reset(head);
    // Among the events that are gone may be a removal.
    this.subscribers.reauthorise(null);
  }

  restarted(head: Seq): void {
    this.receipts.restart();
    this.subscribers.reset(head);
    // The permissions may have been set back as well.
    this.subscribers.reauthorise(null);
    this.receipts.refresh().catch((error: unknown) => {
      const { channelId } = this;
      this.#logger.warn({ err: error, channelId }, 'unable to tell who has read; it will be told later');
    });
  }

  deleted(): void {
    const why = `unable to watch ${this.channelId}; the channel was deleted`;
    this.subscribers.end(new ParleyError('not_found', why));
  }

  close(): void {
    this.#closed = true;
    this.#typing.close();
    this.receipts.close();
    this.replica.close();
    this.#subscription.unsubscribe();
  }

  #receive({ epoch, events }: ChannelBusMessage, bytes: number): void {
    if (this.#closed) return;
    const logged: LoggedEvent[] = [];
    const reads: ReadAdvanced[] = [];
    for (const event of events) {
      if (isLogged(event)) logged.push(event);
      else if (event.__typename === 'ReadAdvanced') reads.push(event);
      else if (event.__typename === 'UserUpdated') this.userChanged(event.user);
      else {
        this.#typing.note(event);
        this.subscribers.ephemeral(event);
      }
    }
    if (logged.length > 0) this.replica.receive(logged, epoch, Math.ceil(bytes / events.length));
    this.receipts.receive(reads);
  }

  #notifyReads(reads: readonly ReadAdvanced[], ephemeral: boolean): void {
    const { channelId } = this;
    const at = new Date(this.#clock.now()).toISOString();
    this.subscribers.reads({ channelId, epoch: this.replica.epoch, at, reads }, ephemeral);
  }
}
