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
/** A page that is reloaded, or a phone that changes its network, does not make its user blink. */
const graceMs = 5_000;
/** Users that come or go within this time are told in one call. */
const collectMs = 20;
/** The same while many do: when another node died, all its users come at once. */
const collectInStormMs = 400;
const retryMs = 1_000;
const usersPerCall = 1_000;
const toldWithinMs = 5_000;

interface Lease extends UserRef {
  connections: number;
  grace?: TimerHandle;
  /** Whether the API has heard of it. */
  isTold: boolean;
  readonly waiters: Set<() => void>;
}

/** Tells the API which users hold a connection on this node. */
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

  /** One more connection of this user. Returns its undo, harmless when repeated. */
  hold(appId: string, userId: string): () => void {
    const key = keyOf(appId, userId);
    const lease = this.#held.get(key) ?? { appId, userId, connections: 0, isTold: false, waiters: new Set() };
    lease.connections += 1;
    this.#deps.clock.clearTimeout(lease.grace);
    if (!this.#held.has(key)) {
      this.#held.set(key, lease);
      this.#left.delete(key);
      this.#arrived.set(key, { appId, userId });
      this.#collect();
    }
    let undone = false;
    return () => {
      if (undone) return;
      undone = true;
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
   * Resolves when the API knows that this user is here, which it asks before it tells a user anything; at once for a user without a lease.
   * @throws unavailable after 5 s
   */
  async told(appId: string, userId: string): Promise<void> {
    const lease = this.#held.get(keyOf(appId, userId));
    if (lease === undefined || lease.isTold) return;
    await new Promise<void>((resolve, reject) => {
      const waiter = () => {
        this.#deps.clock.clearTimeout(deadline);
        resolve();
      };
      const deadline = this.#deps.clock.setTimeout(() => {
        lease.waiters.delete(waiter);
        reject(new ParleyError('unavailable', 'unable to go on; the API could not be told that the user is here'));
      }, toldWithinMs);
      lease.waiters.add(waiter);
    });
  }

  /** Told when leases that had run out are held again: the users were taken for absent meanwhile. Returns its undo. */
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
    await this.#tell('presence.release', users);
  }

  #scheduleRenewal(ms: number): void {
    this.#renewal = this.#deps.clock.setTimeout(() => void this.#renew(), ms);
  }

  async #renew(): Promise<void> {
    const startedAt = this.#deps.clock.now();
    const leases = [...this.#held.values()];
    const renewed = await this.#tell('presence.renew', leases);
    if (this.#closed) return;
    // Soon again: when the API comes back, the leases that ran out meanwhile are about to be taken for departures.
    this.#scheduleRenewal(renewed ? renewEveryMs : retryMs);
    if (!renewed) return;
    const lapsed = startedAt - this.#renewedAt > ttlMs;
    this.#renewedAt = startedAt;
    for (const lease of leases) settle(lease);
    if (lapsed) for (const listener of this.#lapseListeners) listener();
  }

  #collect(): void {
    this.#tellSoon(this.#rate.note(this.#deps.clock.now()) === 'storm' ? collectInStormMs : collectMs);
  }

  #tellSoon(ms: number): void {
    if (this.#closed) return;
    this.#soon ??= this.#deps.clock.setTimeout(() => {
      this.#soon = undefined;
      void this.#tellChanges();
    }, ms);
  }

  async #tellChanges(): Promise<void> {
    const arrived = new Map(this.#arrived);
    const left = new Map(this.#left);
    this.#arrived.clear();
    this.#left.clear();
    const [renewed, released] = await Promise.all([
      this.#tell('presence.renew', [...arrived.values()]),
      this.#tell('presence.release', [...left.values()]),
    ]);
    if (renewed)
      for (const key of arrived.keys()) {
        const lease = this.#held.get(key);
        if (lease !== undefined) settle(lease);
      }
    if (renewed && released) return;
    // Told again unless they changed their mind meanwhile. What fails for good is repaired by the renewal, or by the lease running out.
    if (!renewed) for (const [key, user] of arrived) if (this.#held.has(key)) this.#arrived.set(key, user);
    if (!released) for (const [key, user] of left) if (!this.#held.has(key)) this.#left.set(key, user);
    this.#tellSoon(retryMs);
  }

  async #tell(method: 'presence.renew' | 'presence.release', all: readonly UserRef[]): Promise<boolean> {
    const { ask, nodeId, logger } = this.#deps;
    let told = true;
    for (let start = 0; start < all.length; start += usersPerCall) {
      const users = all.slice(start, start + usersPerCall).map(({ appId, userId }) => ({ appId, userId }));
      try {
        if (method === 'presence.renew') await ask(method, { nodeId, ttlMs, users });
        else await ask(method, { nodeId, users });
      } catch (err) {
        logger.warn({ err, method }, 'unable to tell the API who is here');
        told = false;
      }
    }
    return told;
  }
}

const keyOf = (appId: string, userId: string): string => `${appId} ${userId}`;

function settle(lease: Lease): void {
  lease.isTold = true;
  for (const waiter of lease.waiters) waiter();
  lease.waiters.clear();
}
