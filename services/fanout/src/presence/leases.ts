import type { Clock, Logger, TimerHandle } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';

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
const retryMs = 1_000;
const usersPerCall = 1_000;

/** Tells the API which users hold a connection on this node. */
export class Leases {
  readonly #deps: LeasesDeps;
  readonly #held = new Map<string, UserRef & { connections: number; grace?: TimerHandle }>();
  readonly #arrived = new Map<string, UserRef>();
  readonly #left = new Map<string, UserRef>();
  #soon: TimerHandle | undefined;
  #renewal: TimerHandle | undefined;
  #closed = false;

  constructor(deps: LeasesDeps) {
    this.#deps = deps;
    this.#scheduleRenewal();
  }

  /** One more connection of this user. Returns its undo, harmless when repeated. */
  hold(appId: string, userId: string): () => void {
    const key = `${appId} ${userId}`;
    const lease = this.#held.get(key) ?? { appId, userId, connections: 0 };
    lease.connections += 1;
    this.#deps.clock.clearTimeout(lease.grace);
    if (!this.#held.has(key)) {
      this.#held.set(key, lease);
      this.#left.delete(key);
      this.#arrived.set(key, { appId, userId });
      this.#tellSoon(collectMs);
    }
    let undone = false;
    return () => {
      if (undone) return;
      undone = true;
      lease.connections -= 1;
      if (lease.connections > 0 || this.#closed) return;
      lease.grace = this.#deps.clock.setTimeout(() => {
        this.#held.delete(key);
        this.#arrived.delete(key);
        this.#left.set(key, { appId, userId });
        this.#tellSoon(collectMs);
      }, graceMs);
    };
  }

  /** Gives up every lease at once: the users are about to connect elsewhere. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { clock } = this.#deps;
    clock.clearTimeout(this.#soon);
    clock.clearTimeout(this.#renewal);
    const users = [...this.#held.values(), ...this.#left.values()];
    for (const { grace } of this.#held.values()) clock.clearTimeout(grace);
    this.#held.clear();
    await this.#tell('presence.release', users);
  }

  #scheduleRenewal(): void {
    this.#renewal = this.#deps.clock.setTimeout(() => {
      this.#scheduleRenewal();
      void this.#tell('presence.renew', [...this.#held.values()]);
    }, renewEveryMs);
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
