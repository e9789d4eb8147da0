import type { DateTime } from '@parley/contracts';
import { reservedChannel } from '@parley/contracts/bus';
import type { TimerHandle } from '@parley/service-kit';
import { ReadsRefresh } from './reads-refresh.ts';
import { ReplayBudget } from './replay-budget.ts';
import { channelGone, Topic, type TopicDeps, type TopicSubscriber } from './topic.ts';

const channelsPerCall = 500;
const compareEveryMs = 10_000;
const retryMs = 1_000;

/** The channels that somebody on this node watches. */
export class Topics {
  readonly #deps: TopicDeps;
  readonly #topics = new Map<string, Topic>();
  readonly #reads: ReadsRefresh;
  readonly #unsubscribeStatus: () => void;
  /** Where the next question for read pointers begins. */
  #readsSince: DateTime | null = null;
  #timer: TimerHandle | undefined;
  #closed = false;

  constructor(deps: Omit<TopicDeps, 'replayBudget'>) {
    this.#deps = { ...deps, replayBudget: new ReplayBudget() };
    this.#reads = new ReadsRefresh(deps.logger);
    this.#unsubscribeStatus = deps.bus.onStatus((connected) => {
      for (const topic of this.#topics.values()) topic.knownReads.forget();
      if (!connected) return;
      this.#reads.note(this.#topics.values());
      void this.#compare();
    });
    this.#schedule(compareEveryMs);
  }

  get size(): number {
    return this.#topics.size;
  }

  find(appId: string, channelId: string): Topic | undefined {
    return this.#topics.get(keyOf(appId, channelId));
  }

  /** The topic, with this subscriber in it; the bus subscription lives as long as the last one. */
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

  close(): void {
    this.#closed = true;
    this.#deps.clock.clearTimeout(this.#timer);
    this.#unsubscribeStatus();
    this.#reads.close();
    for (const topic of this.#topics.values()) topic.close();
    this.#topics.clear();
  }

  #schedule(ms: number): void {
    if (this.#closed) return;
    this.#deps.clock.clearTimeout(this.#timer);
    this.#timer = this.#deps.clock.setTimeout(() => void this.#compare(), ms);
  }

  /**
   * The bus may lose the last event of a channel, or the last read pointer of a member, after which nothing shows that it is missing: so what was told
   * is held against the database.
   */
  async #compare(): Promise<void> {
    this.#deps.clock.clearTimeout(this.#timer);
    const topics = [...this.#topics.values()].filter(isCompared);
    try {
      const nexts: DateTime[] = [];
      for (let start = 0; start < topics.length && !this.#closed; start += channelsPerCall) {
        const some = topics.slice(start, start + channelsPerCall);
        await this.#compareHeads(some);
        nexts.push(await this.#compareReads(some));
      }
      this.#readsSince = nexts.sort()[0] ?? null;
      if (!this.#closed) this.#reads.run();
      this.#schedule(compareEveryMs);
    } catch (error) {
      this.#deps.logger.warn(
        { err: error },
        'unable to compare the watched channels with the log; it will be tried again',
      );
      this.#schedule(retryMs);
    }
  }

  async #compareHeads(topics: readonly Topic[]): Promise<void> {
    const { epoch, heads } = await this.#deps.ask('channel.heads', { channels: topics.map(placeOf) });
    topics.forEach((topic, index) => {
      const head = heads[index];
      if (head === null) topic.endAll(channelGone(topic.channelId));
      else if (head !== undefined) topic.noteHead(head, epoch, { now: true });
    });
  }

  /** Resolves with where the next question begins. */
  async #compareReads(topics: readonly Topic[]): Promise<DateTime> {
    const channels = topics.map(placeOf);
    const { since, reads } = await this.#deps.ask('channel.recentReads', { channels, since: this.#readsSince });
    const ofChannels = Map.groupBy(reads, ({ appId, channelId }) => keyOf(appId, channelId));
    for (const topic of topics) topic.compareReads(ofChannels.get(keyOf(topic.appId, topic.channelId)) ?? []);
    return since;
  }
}

/** The API knows nothing of the canary's own channel. */
const isCompared = ({ appId, head }: Topic) => head !== null && appId !== reservedChannel.appId;

const placeOf = ({ appId, channelId }: Topic) => ({ appId, channelId });
const keyOf = (appId: string, channelId: string): string => `${appId} ${channelId}`;
