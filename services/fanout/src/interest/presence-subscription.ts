import { invalidInput, limits, type PresenceChanged, parseUserId } from '@parley/contracts';
import type { TimerHandle } from '@parley/service-kit';
import type { PresenceWatch, PresenceWatcher } from '../presence/presence-watches.ts';
import { type FeedDeps, reopenSpreadMs } from './feed-deps.ts';
import { PresenceThrottle } from './presence-throttle.ts';
import type { Subscriber } from './subscriber.ts';

const maxWaiting = 1_000;
/** A right that ended silently lasts no longer than this. */
const recheckMs = 10_000;
/** An id, and a place among those who watch it. */
const placeBytes = 256;

/** One change in a result, or all changes of the same moment. */
export type PresenceForm = 'each' | 'together';

/** The comings and goings of some users: first where each of them is, then every change. */
export class PresenceSubscription implements PresenceWatcher {
  readonly #deps: FeedDeps;
  readonly #subscriber: Subscriber;
  readonly #userIds: readonly string[];
  readonly #form: PresenceForm;
  readonly #throttle: PresenceThrottle;
  readonly #watch: PresenceWatch;
  readonly #unsubscribeReturn: () => void;
  #opening = false;
  #again = false;
  #ended = false;
  #waiting: PresenceChanged[] = [];
  /** Users whose presence the viewer may not see. */
  #hidden: ReadonlySet<string> = new Set();
  #timer: TimerHandle | undefined;
  #recheck: TimerHandle | undefined;

  /** @throws rate_limited when its user watches too many */
  constructor(deps: FeedDeps, subscriber: Subscriber, userIds: readonly string[], form: PresenceForm) {
    this.#deps = deps;
    this.#subscriber = subscriber;
    this.#userIds = userIds;
    this.#form = form;
    this.#throttle = new PresenceThrottle(deps.clock, (changes) => this.#send(this.#shown(changes), true));
    subscriber.keepsMore(userIds.length * placeBytes);
    subscriber.quota.holdPresence(userIds);
    this.#watch = deps.presence.watch(subscriber.principal.appId, userIds, this);
    this.#unsubscribeReturn = deps.feeds.onReturn(() => this.#reopenSoon());
  }

  /** Sends the state of every user. `recheck`: only of users whose visibility changed. An error ends the subscription; never rejects. */
  async run(recheck = false): Promise<void> {
    this.#opening = true;
    try {
      await this.#watch.ready;
      do {
        this.#again = false;
        const { principal } = this.#subscriber;
        const { events, hidden } = await this.#deps.ask('presence.read', { principal, userIds: this.#userIds });
        if (this.#ended) return;
        const before = this.#hidden;
        this.#hidden = new Set(hidden);
        const isNews = ({ userId }: PresenceChanged) => before.has(userId) !== this.#hidden.has(userId);
        this.#send(recheck ? events.filter(isNews) : events, false);
        if (hidden !== undefined) this.#recheckLater();
      } while (this.#again);
      // Changes that arrived during the question may be older than the answer. Their order is right: the last one of a user is its state.
      this.#send(this.#shown(this.#waiting.splice(0)), false);
    } catch (error) {
      this.end(error);
    } finally {
      this.#opening = false;
    }
  }

  /** Reads the state of all users again, or fails with the reason of a refusal. */
  reauthorise(): void {
    if (this.#ended) return;
    if (this.#opening) this.#again = true;
    else void this.run();
  }

  end(error: unknown): void {
    if (this.#ended) return;
    this.stop();
    this.#subscriber.fail(error);
  }

  /** Harmless when repeated. */
  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting = [];
    this.#throttle.close();
    this.#deps.clock.clearTimeout(this.#timer);
    this.#deps.clock.clearTimeout(this.#recheck);
    this.#unsubscribeReturn();
    this.#watch.stop();
    this.#subscriber.quota.releasePresence(this.#userIds);
  }

  changed(event: PresenceChanged): void {
    if (this.#ended) return;
    if (!this.#opening) this.#throttle.note(event);
    else if (this.#waiting.push(event) > maxWaiting) this.#waiting.shift();
  }

  #shown(changes: readonly PresenceChanged[]): readonly PresenceChanged[] {
    return this.#hidden.size === 0 ? changes : changes.filter(({ userId }) => !this.#hidden.has(userId));
  }

  #send(changes: readonly PresenceChanged[], ephemeral: boolean): void {
    if (changes.length === 0) return;
    if (this.#form === 'together') this.#subscriber.send(changes, ephemeral);
    else for (const change of changes) this.#subscriber.send(change, ephemeral);
  }

  /** Nobody announces which users share a channel, so the API is asked. */
  #recheckLater(): void {
    const { clock } = this.#deps;
    clock.clearTimeout(this.#recheck);
    this.#recheck = clock.setTimeout(() => {
      if (this.#opening) this.#recheckLater();
      else void this.run(true);
    }, recheckMs);
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
