import type { TimerHandle } from '@parley/service-kit';
import { ReadsRefresh } from './reads-refresh.ts';
import { TailBudget } from './tail-budget.ts';
import { channelGone, Topic, type TopicDeps, type TopicSubscriber } from './topic.ts';

/** Most channels of one question for heads. */
const headsPerCall = 500;
const headsEveryMs = 10_000;
const headsRetryMs = 1_000;

/** The channels that somebody on this node watches. */
export class Topics {
  readonly #deps: TopicDeps;
  readonly #topics = new Map<string, Topic>();
  readonly #reads: ReadsRefresh;
  readonly #undoStatus: () => void;
  #timer: TimerHandle | undefined;
  #closed = false;

  constructor(deps: Omit<TopicDeps, 'tails'>) {
    this.#deps = { ...deps, tails: new TailBudget() };
    this.#reads = new ReadsRefresh(deps.logger);
    this.#undoStatus = deps.bus.onStatus((connected) => {
      for (const topic of this.#topics.values()) topic.knownReads.forget();
      if (!connected) return;
      this.#reads.note(this.#topics.values());
      void this.#compareHeads();
    });
    this.#schedule(headsEveryMs);
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
    this.#undoStatus();
    this.#reads.close();
    for (const topic of this.#topics.values()) topic.close();
    this.#topics.clear();
  }

  #schedule(ms: number): void {
    if (this.#closed) return;
    this.#deps.clock.clearTimeout(this.#timer);
    this.#timer = this.#deps.clock.setTimeout(() => void this.#compareHeads(), ms);
  }

  /** The bus may lose the last event of a channel, after which nothing shows that it is missing: so the log's heads are compared. */
  async #compareHeads(): Promise<void> {
    this.#deps.clock.clearTimeout(this.#timer);
    const topics = [...this.#topics.values()].filter(({ head }) => head !== null);
    let next = headsEveryMs;
    for (let start = 0; start < topics.length && !this.#closed; start += headsPerCall) {
      const some = topics.slice(start, start + headsPerCall);
      try {
        const { heads } = await this.#deps.ask('channel.heads', {
          channels: some.map(({ appId, channelId }) => ({ appId, channelId })),
        });
        some.forEach((topic, index) => {
          const head = heads[index];
          if (head === null) topic.endAll(channelGone(topic.channelId));
          else if (head !== undefined) topic.noteHead(head, { now: true });
        });
      } catch (err) {
        this.#deps.logger.warn({ err }, 'unable to compare the heads of the watched channels; it will be tried again');
        next = headsRetryMs;
        break;
      }
    }
    if (next === headsEveryMs && !this.#closed) this.#reads.run();
    this.#schedule(next);
  }
}

const keyOf = (appId: string, channelId: string): string => `${appId} ${channelId}`;
