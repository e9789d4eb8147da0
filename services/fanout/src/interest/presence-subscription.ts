import { invalidInput, limits, type PresenceChanged, parseUserId } from '@parley/contracts';
import type { TimerHandle } from '@parley/service-kit';
import type { Listening } from './bus-feeds.ts';
import { type FeedDeps, reopenSpreadMs } from './feed-deps.ts';
import type { Subscriber } from './subscriber.ts';

const maxWaiting = 1_000;

/** The comings and goings of some users: first where each of them is, then every change. */
export class PresenceSubscription {
  readonly #deps: FeedDeps;
  readonly #subscriber: Subscriber;
  readonly #userIds: readonly string[];
  readonly #listenings: readonly Listening[];
  readonly #undoReturn: () => void;
  #opening = false;
  #ended = false;
  #waiting: PresenceChanged[] = [];
  #timer: TimerHandle | undefined;

  constructor(deps: FeedDeps, subscriber: Subscriber, userIds: readonly string[]) {
    this.#deps = deps;
    this.#subscriber = subscriber;
    this.#userIds = userIds;
    const { appId } = subscriber.principal;
    this.#listenings = userIds.map((userId) => deps.feeds.presence(appId, userId, ({ event }) => this.#hear(event)));
    this.#undoReturn = deps.feeds.onReturn(() => this.#reopenSoon());
  }

  /** Faults end the subscription; never rejects. */
  async run(): Promise<void> {
    this.#opening = true;
    try {
      await Promise.all(this.#listenings.map(({ ready }) => ready));
      const { principal } = this.#subscriber;
      const { events } = await this.#deps.ask('presence.read', { principal, userIds: this.#userIds });
      if (this.#ended) return;
      for (const event of events) this.#subscriber.send(event, false);
      // Heard while asking: perhaps older than the answer, but their order is right, so the last of them is where the user is.
      for (const event of this.#waiting.splice(0)) this.#subscriber.send(event, false);
    } catch (fault) {
      this.end(fault);
    } finally {
      this.#opening = false;
    }
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
    this.#deps.clock.clearTimeout(this.#timer);
    this.#undoReturn();
    for (const listening of this.#listenings) listening.stop();
  }

  #hear(event: PresenceChanged): void {
    if (this.#ended) return;
    if (!this.#opening) this.#subscriber.send(event, true);
    else if (this.#waiting.push(event) > maxWaiting) this.#waiting.shift();
  }

  #reopenSoon(): void {
    const { clock } = this.#deps;
    clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => void this.run(), Math.random() * reopenSpreadMs);
  }
}

/** The ids of a presence subscription, each once. @throws invalid_input */
export function parsePresenceIds(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw invalidInput('userIds', 'it is a list of user ids');
  if (value.length === 0 || value.length > limits.presenceUserIds)
    throw invalidInput(
      'userIds',
      `name 1 to ${limits.presenceUserIds} users; use several subscriptions for more`,
      limits.presenceUserIds,
    );
  return [...new Set(value.map((id: unknown, index) => parseUserId(String(id), `userIds.${index}`)))];
}
