import { ParleyError } from '@parley/contracts';
import type { Clock, Logger, TimerHandle } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import { ArrivalRate } from '../interest/arrival-rate.ts';

export interface LeasesDeps {
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly nodeId: string;
}

interface UserRef {
  readonly appId: string;
  readonly userId: string;
}

const renewEveryMs = 10_000;
const ttlMs = 30_000;
/** A reloaded page, or a phone that changes its network, must not make its user look absent. */
const graceMs = 5_000;
/** Users that come or go within this time share a call. */
const collectMs = 20;
/** The same in a surge: the users of a dead node all come at once. */
const collectInSurgeMs = 400;
const retryMs = 1_000;
const usersPerCall = 1_000;
const announceWithinMs = 5_000;

interface Lease extends UserRef {
  connections: number;
  grace?: TimerHandle;
  /** Whether the API knows of it. */
  isAnnounced: boolean;
  readonly waiters: Set<() => void>;
}

/** Reports to the API which users hold a connection on this node. */
export class Leases {
  readonly #deps: LeasesDeps;
  readonly #held = new Map<string, Lease>();
  readonly #arrived = new Map<string, UserRef>();
  readonly #left = new Map<string, UserRef>();
  readonly #rate = new ArrivalRate();
  #soon: TimerHandle | undefined;
  #renewal: TimerHandle | undefined;
  #renewedAt: number;
  readonly #lapseListeners = new Set<() => void>();
  #closed = false;

  constructor(deps: LeasesDeps) {
    this.#deps = deps;
    this.#renewedAt = deps.clock.now();
    this.#scheduleRenewal(renewEveryMs);
  }

  /** Counts one more connection of this user. Returns a function that releases it, harmless when repeated. */
  hold(appId: string, userId: string): () => void {
    const key = keyOf(appId, userId);
    const lease = this.#held.get(key) ?? { appId, userId, connections: 0, isAnnounced: false, waiters: new Set() };
    lease.connections += 1;
    this.#deps.clock.clearTimeout(lease.grace);
    if (!this.#held.has(key)) {
      this.#held.set(key, lease);
      this.#left.delete(key);
      this.#arrived.set(key, { appId, userId });
      this.#collect();
    }
    let released = false;
    return () => {
      if (released) return;
      released = true;
      lease.connections -= 1;
      if (lease.connections > 0 || this.#closed) return;
      lease.grace = this.#deps.clock.setTimeout(() => {
        this.#held.delete(key);
        settle(lease);
        this.#arrived.delete(key);
        this.#left.set(key, { appId, userId });
        this.#collect();
      }, graceMs);
    };
  }

  /**
   * Resolves when the API knows that this user is here: it sends live numbers to no other user. Resolves at once for a user without a lease.
   * @throws unavailable after 5 s
   */
  async announced(appId: string, userId: string): Promise<void> {
    const lease = this.#held.get(keyOf(appId, userId));
    if (lease === undefined || lease.isAnnounced) return;
    await new Promise<void>((resolve, reject) => {
      const waiter = () => {
        this.#deps.clock.clearTimeout(deadline);
        resolve();
      };
      const deadline = this.#deps.clock.setTimeout(() => {
        lease.waiters.delete(waiter);
        reject(new ParleyError('unavailable', 'unable to go on; the API could not be told that the user is here'));
      }, announceWithinMs);
      lease.waiters.add(waiter);
    });
  }

  /** Calls the listener when expired leases are held again: their users counted as absent. Returns a function that unsubscribes. */
  onLapse(listener: () => void): () => void {
    this.#lapseListeners.add(listener);
    return () => this.#lapseListeners.delete(listener);
  }

  /** Gives up every lease at once: the users are about to connect elsewhere. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { clock } = this.#deps;
    clock.clearTimeout(this.#soon);
    clock.clearTimeout(this.#renewal);
    const users = [...this.#held.values(), ...this.#left.values()];
    for (const lease of this.#held.values()) {
      clock.clearTimeout(lease.grace);
      settle(lease);
    }
    this.#held.clear();
    await this.#announce('presence.release', users);
  }

  #scheduleRenewal(ms: number): void {
    this.#renewal = this.#deps.clock.setTimeout(() => void this.#renew(), ms);
  }

  async #renew(): Promise<void> {
    const startedAt = this.#deps.clock.now();
    const leases = [...this.#held.values()];
    const renewed = await this.#announce('presence.renew', leases);
    if (this.#closed) return;
    // A failed renewal is tried again soon: expired leases become departures when the API is back.
    this.#scheduleRenewal(renewed ? renewEveryMs : retryMs);
    if (!renewed) return;
    const lapsed = startedAt - this.#renewedAt > ttlMs;
    this.#renewedAt = startedAt;
    for (const lease of leases) settle(lease);
    if (lapsed) for (const listener of this.#lapseListeners) listener();
  }

  #collect(): void {
    this.#sendSoon(this.#rate.note(this.#deps.clock.now()) === 'surge' ? collectInSurgeMs : collectMs);
  }

  #sendSoon(ms: number): void {
    if (this.#closed) return;
    this.#soon ??= this.#deps.clock.setTimeout(() => {
      this.#soon = undefined;
      void this.#sendChanges();
    }, ms);
  }

  async #sendChanges(): Promise<void> {
    const arrived = new Map(this.#arrived);
    const left = new Map(this.#left);
    this.#arrived.clear();
    this.#left.clear();
    const [renewed, givenUp] = await Promise.all([
      this.#announce('presence.renew', [...arrived.values()]),
      this.#announce('presence.release', [...left.values()]),
    ]);
    if (renewed)
      for (const key of arrived.keys()) {
        const lease = this.#held.get(key);
        if (lease !== undefined) settle(lease);
      }
    if (renewed && givenUp) return;
    // Users that have not changed since are announced again. The renewal, or the end of the lease, repairs what fails for good.
    if (!renewed) for (const [key, user] of arrived) if (this.#held.has(key)) this.#arrived.set(key, user);
    if (!givenUp) for (const [key, user] of left) if (!this.#held.has(key)) this.#left.set(key, user);
    this.#sendSoon(retryMs);
  }

  async #announce(method: 'presence.renew' | 'presence.release', all: readonly UserRef[]): Promise<boolean> {
    const { ask, nodeId, logger } = this.#deps;
    let isDone = true;
    for (let start = 0; start < all.length; start += usersPerCall) {
      const users = all.slice(start, start + usersPerCall).map(({ appId, userId }) => ({ appId, userId }));
      try {
        if (method === 'presence.renew') await ask(method, { nodeId, ttlMs, users });
        else await ask(method, { nodeId, users });
      } catch (error) {
        logger.warn({ err: error, method }, 'unable to tell the API who is here');
        isDone = false;
      }
    }
    return isDone;
  }
}

const keyOf = (appId: string, userId: string): string => `${appId} ${userId}`;

function settle(lease: Lease): void {
  lease.isAnnounced = true;
  for (const waiter of lease.waiters) waiter();
  lease.waiters.clear();
}
