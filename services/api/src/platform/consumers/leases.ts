import type { Clock, Logger } from '@parley/service-kit';
import type { Sql } from '../sql.ts';
import type { Consumer } from './define-consumer.ts';
import { announce, claim, type LeaseToken, leave, release, renew } from './leases-repository.ts';
import { partitions } from './partition.ts';

/** A partition that this node may work on. */
export interface Lease extends LeaseToken {
  /** Aborts when the lease is lost or given up. */
  readonly signal: AbortSignal;
}

/** The partitions of one consumer that one node holds: a fair share of them, while it lives. */
export interface Leases {
  /** Those that are not over by the clock of this node, which is never later than that of the database. */
  readonly held: readonly Lease[];
  of(partition: number): Lease | undefined;
  /** Renews what is held, takes what is free up to a fair share, and gives back what is more. @throws unavailable */
  beat(): Promise<void>;
  /** Lets go of those that are over, without asking the database. */
  expire(): void;
  /** Another node has it, as it turned out. */
  lost(lease: LeaseToken): void;
  /** Gives everything back. */
  close(): Promise<void>;
}

export interface LeasesDependencies {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly consumer: Pick<Consumer, 'name'>;
  readonly runnerId: string;
  /** For how long a node that died keeps others from its share. */
  readonly leaseMs: number;
  /** Whether the node works on something of the partition, which is not given away meanwhile. */
  readonly busy: (partition: number) => boolean;
  /** Called with each partition that is not held any more. */
  readonly onGone: (partition: number) => void;
}

interface Held extends Lease {
  readonly controller: AbortController;
  until: number;
  /** More than a fair share: nothing new is begun in it, and it is given back once nothing is in hand. */
  leaving: boolean;
}

export function createLeases(dependencies: LeasesDependencies): Leases {
  const { sql, clock, logger, consumer, runnerId, leaseMs, busy, onGone } = dependencies;
  const key = { consumer: consumer.name, runnerId };
  const held = new Map<number, Held>();

  const drop = (lease: Held) => {
    if (held.get(lease.partition) !== lease) return;
    held.delete(lease.partition);
    lease.controller.abort();
    onGone(lease.partition);
  };

  const expire = () => {
    for (const lease of held.values()) {
      if (lease.until > clock.now()) continue;
      logger.warn({ ...key, partition: lease.partition }, 'a lease is over; another node goes on');
      drop(lease);
    }
  };

  const giveBack = async (leases: readonly Held[]) => {
    for (const lease of leases) drop(lease);
    if (leases.length > 0) await release(sql, consumer.name, leases);
  };

  const open = (lease: Held) => lease.until > clock.now() && !lease.leaving;

  const leaveExcess = async (share: number) => {
    for (const [index, lease] of [...held.values()].entries()) {
      const leaving = index >= share;
      if (leaving && !lease.leaving) onGone(lease.partition);
      lease.leaving = leaving;
    }
    await giveBack([...held.values()].filter(({ leaving, partition }) => leaving && !busy(partition)));
  };

  return {
    get held() {
      return [...held.values()].filter(open);
    },
    of(partition) {
      const lease = held.get(partition);
      return lease !== undefined && open(lease) ? lease : undefined;
    },
    async beat() {
      // From before the question: the database counts from later on.
      const askedAt = clock.now();
      const runners = await announce(sql, key, leaseMs);
      const before = [...held.values()];
      const kept = new Set(before.length === 0 ? [] : await renew(sql, consumer.name, before, leaseMs));
      for (const lease of before) {
        if (kept.has(lease.partition)) lease.until = askedAt + leaseMs;
        else drop(lease);
      }
      const share = Math.ceil(partitions / runners);
      await leaveExcess(share);
      if (held.size >= share) return;
      const claimedAt = clock.now();
      const wanted = { held: [...held.keys()], most: share - held.size, ms: leaseMs };
      for (const { partition, token } of await claim(sql, key, wanted)) {
        const controller = new AbortController();
        const until = claimedAt + leaseMs;
        held.set(partition, { partition, token, controller, signal: controller.signal, until, leaving: false });
      }
    },
    expire,
    lost({ partition, token }) {
      const lease = held.get(partition);
      if (lease?.token === token) drop(lease);
    },
    async close() {
      await giveBack([...held.values()]);
      await leave(sql, key);
    },
  };
}
