import type { DateTime } from '@parley/contracts';
import { reservedChannel } from '@parley/contracts/bus';
import type { Logger } from '@parley/service-kit';
import { ReadsRefresh } from './reads-refresh.ts';
import { Reconciler } from './reconciler.ts';
import { ReplayBudget } from './replay-budget.ts';
import { Topic, type TopicDeps } from './topic.ts';
import type { TopicSubscriber } from './topic-subscribers.ts';

const channelsPerCall = 500;

/** The channels that somebody on this node watches, and their comparison with the database. */
export class Topics {
  readonly #deps: TopicDeps;
  readonly #topics = new Map<string, Topic>();
  readonly #reads: ReadsRefresh;
  readonly #reconciler: Reconciler;
  readonly #unsubscribeStatus: () => void;
  /** Start of the next question for read pointers. */
  #readsSince: DateTime | null = null;
  #closed = false;

  constructor(deps: Omit<TopicDeps, 'replayBudget'> & { readonly logger: Logger }) {
    this.#deps = { ...deps, replayBudget: new ReplayBudget() };
    const { bus, clock, logger } = deps;
    this.#reads = new ReadsRefresh(logger);
    const task = 'compare the watched channels with the log';
    this.#reconciler = new Reconciler({ clock, logger, task, compare: () => this.#compare() });
    this.#unsubscribeStatus = bus.onStatus((connected) => {
      for (const topic of this.#topics.values()) topic.receipts.known.forget();
      if (!connected) return;
      this.#reads.note(this.#topics.values());
      this.#reconciler.retryNow();
    });
  }

  get size(): number {
    return this.#topics.size;
  }

  find(appId: string, channelId: string): Topic | undefined {
    return this.#topics.get(keyOf(appId, channelId));
  }

  /** Adds the subscriber to the topic. The bus subscription lives as long as the last subscriber. */
  join(appId: string, channelId: string, subscriber: TopicSubscriber): Topic {
    const key = keyOf(appId, channelId);
    let topic = this.#topics.get(key);
    if (topic === undefined) {
      topic = new Topic(appId, channelId, this.#deps);
      this.#topics.set(key, topic);
    }
    topic.subscribers.add(subscriber);
    return topic;
  }

  /** Harmless when repeated. */
  leave(topic: Topic, subscriber: TopicSubscriber): void {
    if (!topic.subscribers.delete(subscriber) || topic.subscribers.size > 0) return;
    topic.close();
    this.#topics.delete(keyOf(topic.appId, topic.channelId));
  }

  /** Apps with a watched channel. */
  apps(): ReadonlySet<string> {
    return new Set([...this.#topics.values()].flatMap(({ appId }) => (appId === reservedChannel.appId ? [] : [appId])));
  }

  /** Those of the channels that are watched here, and open ones whose newest events are of the user: everybody may write there, so it may be no member. */
  showing(appId: string, userId: string, channelIds: readonly string[]): ReadonlySet<Topic> {
    const topics = channelIds.flatMap((channelId) => this.find(appId, channelId) ?? []);
    const open = [...this.#topics.values()].filter((topic) => topic.appId === appId && topic.showsStranger(userId));
    return new Set([...topics, ...open]);
  }

  close(): void {
    this.#closed = true;
    this.#reconciler.close();
    this.#unsubscribeStatus();
    this.#reads.close();
    for (const topic of this.#topics.values()) topic.close();
    this.#topics.clear();
  }

  async #compare(): Promise<void> {
    const topics = [...this.#topics.values()].filter(isCompared);
    const nexts: DateTime[] = [];
    for (let start = 0; start < topics.length && !this.#closed; start += channelsPerCall) {
      const some = topics.slice(start, start + channelsPerCall);
      await this.#compareHeads(some);
      nexts.push(await this.#compareReads(some));
    }
    this.#readsSince = nexts.sort()[0] ?? null;
    if (!this.#closed) this.#reads.run();
  }

  async #compareHeads(topics: readonly Topic[]): Promise<void> {
    const { epoch, heads } = await this.#deps.ask('channel.heads', { channels: topics.map(placeOf) });
    topics.forEach((topic, index) => {
      const head = heads[index];
      if (head === null) topic.deleted();
      else if (head !== undefined) topic.replica.noteHead(head, epoch, { now: true });
    });
  }

  /** Resolves with the start of the next question. */
  async #compareReads(topics: readonly Topic[]): Promise<DateTime> {
    const channels = topics.map(placeOf);
    const { since, reads } = await this.#deps.ask('channel.recentReads', { channels, since: this.#readsSince });
    const ofChannels = Map.groupBy(reads, ({ appId, channelId }) => keyOf(appId, channelId));
    for (const topic of topics) topic.receipts.compare(ofChannels.get(keyOf(topic.appId, topic.channelId)) ?? []);
    return since;
  }
}

/** The API does not know the channel of the canary. */
const isCompared = ({ appId, replica }: Topic) => replica.head !== null && appId !== reservedChannel.appId;

const placeOf = ({ appId, channelId }: Topic) => ({ appId, channelId });
const keyOf = (appId: string, channelId: string): string => `${appId} ${channelId}`;
