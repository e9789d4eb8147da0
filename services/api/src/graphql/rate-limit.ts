import { limits, ParleyError } from '@parley/contracts';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Actor } from '../platform/actor.ts';

/** Operations in a minute, on one node. */
export interface RateLimits {
  readonly userOperationsPerMinute: number;
  readonly keyOperationsPerMinute: number;
}

/** What an operation took of what all users share. */
export interface OperationCost {
  /** Time that the database worked, in ms. */
  readonly databaseMs: number;
  /** Read from the database, and sent. */
  readonly bytes: number;
}

export interface OperationRateLimit {
  /** Counts one operation. @throws rate_limited */
  consume(actor: Actor): Promise<void>;
  /** Counts an operation that took much as several: known only when it is over, so the next ones are refused for it. */
  charge(actor: Actor, cost: OperationCost): void;
}

/** What each further operation stands for: with the default limit one user gets a quarter of one connection to the database. */
const msEach = 10;
const bytesEach = 256 * 1024;
/** On a busy machine what costs nothing takes as long. */
const msFree = 50;

const furtherOperations = ({ databaseMs, bytes }: OperationCost): number =>
  (databaseMs < msFree ? 0 : Math.floor(databaseMs / msEach)) + Math.floor(bytes / bytesEach);

const minute = 60;

async function consumeOne(limiter: RateLimiterMemory, key: string, whose: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (cause) {
    if (!(cause instanceof RateLimiterRes)) throw cause;
    const retryAfterMs = Math.max(1, cause.msBeforeNext);
    throw new ParleyError(
      'rate_limited',
      `unable to run the operation; ${whose} may run ${limiter.points} a minute, where one that takes much counts as several, wait ${retryAfterMs} ms`,
      {
        limit: limiter.points,
        retryAfterMs,
      },
    );
  }
}

/** Counts in memory: a limit of this node, which protects it; several nodes let through as many times more. */
export function createRateLimit(rates: RateLimits = limits): OperationRateLimit {
  const users = new RateLimiterMemory({ points: rates.userOperationsPerMinute, duration: minute });
  const keys = new RateLimiterMemory({ points: rates.keyOperationsPerMinute, duration: minute });
  return {
    async consume(actor) {
      const user = userOf(actor);
      if (user !== null) await consumeOne(users, user, 'one user');
      await consumeOne(keys, `${actor.appId} ${actor.principal.keyId}`, 'one key');
    },
    charge(actor, cost) {
      const operations = furtherOperations(cost);
      if (operations === 0) return;
      const user = userOf(actor);
      // Counting in memory has nothing that could fail.
      if (user !== null) void users.penalty(user, operations);
    },
  };
}

/** Null: a back end, which is counted by its key alone. */
const userOf = (actor: Actor): string | null =>
  actor.kind === 'user' && !actor.asServer ? `${actor.appId} ${actor.userId}` : null;
