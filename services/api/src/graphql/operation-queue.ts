import type { Clock } from '@parley/service-kit';
import { type Actor, hasServerRights, viewerOf } from '../platform/actor.ts';
import { createFairQueue, type Leave } from '../platform/fair-queue.ts';

/** Where everything that users have done waits for its turn, whichever way it came. */
export interface OperationQueue {
  /** Resolves when the operation may begin. @throws rate_limited, unavailable */
  enter(actor: Actor, kind: 'read' | 'write'): Promise<Leave>;
  /** Runs what was asked of the node by many users in one message. @throws rate_limited, unavailable */
  runTogether<T>(what: string, work: () => Promise<T>): Promise<T>;
}

/** Under the five seconds in which a caller is promised an answer. */
const patienceMs = 4_000;
const waiting = { waitingEach: 200, waitingInAll: 10_000 };
/** The part of these that one user may hold, and one back end: so there is room for others whatever these do. */
const partOfUser = 0.2;
const partOfKey = 0.8;
/** Sends and other changes share transactions, so what is under way at once is no burden: these keep one caller from filling the memory. */
const writesAtOnce = 2_000;
const writesOfUser = 20;
const writesOfKey = 500;
/** For messages of one kind that fan-out nodes sent. */
const partOfMessages = 0.4;

/** Half of the connections are for reads: so whoever reads leaves room for those who write. */
export function createOperationQueue({
  poolSize,
  clock,
}: {
  readonly poolSize: number;
  readonly clock: Clock;
}): OperationQueue {
  const places = Math.max(2, Math.ceil(poolSize / 2));
  const part = (of: number) => Math.max(1, Math.floor(places * of));
  const reads = createFairQueue({ places, ...waiting, patienceMs, clock });
  const writes = createFairQueue({ places: writesAtOnce, ...waiting, patienceMs, clock });
  return {
    enter(actor, kind) {
      const byKey = hasServerRights(actor);
      const owner = `${actor.appId} ${byKey ? `key ${actor.principal.keyId}` : `user ${viewerOf(actor)}`}`;
      if (kind === 'write') return writes.enter(owner, byKey ? writesOfKey : writesOfUser);
      return reads.enter(owner, part(byKey ? partOfKey : partOfUser));
    },
    async runTogether(what, work) {
      const leave = await reads.enter(what, part(partOfMessages));
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
