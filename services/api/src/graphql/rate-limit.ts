import { limits, ParleyError } from '@parley/contracts';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Actor } from '../platform/actor.ts';

/** Operations in a minute, on one node. */
export interface RateLimits {
  readonly userOperationsPerMinute: number;
  readonly keyOperationsPerMinute: number;
}

export interface OperationRateLimit {
  /** Counts one operation. @throws rate_limited */
  consume(actor: Actor): Promise<void>;
}

const minute = 60;

async function consumeOne(limiter: RateLimiterMemory, key: string, whose: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (cause) {
    if (!(cause instanceof RateLimiterRes)) throw cause;
    const retryAfterMs = Math.max(1, cause.msBeforeNext);
    throw new ParleyError(
      'rate_limited',
      `unable to run the operation; ${whose} may run ${limiter.points} a minute, wait ${retryAfterMs} ms`,
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
      if (actor.kind === 'user' && !actor.asServer)
        await consumeOne(users, `${actor.appId} ${actor.userId}`, 'one user');
      await consumeOne(keys, `${actor.appId} ${actor.principal.keyId}`, 'one key');
    },
  };
}
