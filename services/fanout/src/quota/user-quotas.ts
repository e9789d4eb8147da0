import type { Principal } from '@parley/contracts/bus';
import type { TimerHandle } from '@parley/service-kit';
import { UserQuota, type UserQuotaDeps } from './user-quota.ts';

const sweepMs = 10_000;

/**
 * The quotas of all users of a node. A quota lives while the user has a connection, and after that until its rates have recovered: a reconnect must not
 * reset them.
 */
export class UserQuotas {
  readonly #deps: UserQuotaDeps;
  readonly #ofUsers = new Map<string, UserQuota>();
  /** Keys of those without a connection. */
  readonly #resting = new Set<string>();
  #timer: TimerHandle | undefined;

  constructor(deps: UserQuotaDeps) {
    this.#deps = deps;
  }

  /** Users that have a connection. */
  get size(): number {
    return this.#ofUsers.size - this.#resting.size;
  }

  /** Users without a connection whose rates have not recovered yet. */
  get resting(): number {
    return this.#resting.size;
  }

  /** Of all users together. */
  get retainedBytes(): number {
    return this.#sum((quota) => quota.retainedBytes);
  }

  get bufferedBytes(): number {
    return this.#sum((quota) => quota.bufferedBytes);
  }

  /** One more connection of this user. {@link leave} is its end. */
  join(principal: Principal): UserQuota {
    const key = userKeyOf(principal);
    const quota = this.#ofUsers.get(key) ?? new UserQuota(this.#deps);
    this.#ofUsers.set(key, quota);
    this.#resting.delete(key);
    quota.connections += 1;
    return quota;
  }

  /** Once for each {@link join}. */
  leave(principal: Principal): void {
    const key = userKeyOf(principal);
    const quota = this.#ofUsers.get(key);
    if (quota === undefined) return;
    quota.connections -= 1;
    if (quota.connections > 0) return;
    this.#resting.add(key);
    this.#timer ??= this.#deps.clock.setTimeout(() => this.#sweep(), sweepMs);
  }

  close(): void {
    this.#deps.clock.clearTimeout(this.#timer);
  }

  #sweep(): void {
    for (const key of this.#resting) {
      if (this.#ofUsers.get(key)?.isRested === false) continue;
      this.#resting.delete(key);
      this.#ofUsers.delete(key);
    }
    this.#timer = this.#resting.size === 0 ? undefined : this.#deps.clock.setTimeout(() => this.#sweep(), sweepMs);
  }

  #sum(of: (quota: UserQuota) => number): number {
    let sum = 0;
    for (const quota of this.#ofUsers.values()) sum += of(quota);
    return sum;
  }
}

/** Key of the user. A token that speaks for nobody counts as its API key. */
export const userKeyOf = ({ appId, keyId, userId }: Principal): string =>
  userId === null ? `${appId} key ${keyId}` : `${appId} ${userId}`;
