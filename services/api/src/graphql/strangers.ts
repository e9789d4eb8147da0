import { createHash, randomBytes } from 'node:crypto';
import { limits, ParleyError } from '@parley/contracts';
import { addressGroup } from '@parley/service-kit';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Somebody who came without a token. */
export interface Stranger {
  readonly kind: 'stranger';
  readonly address: string;
}

/** Requests in a minute, on one node. */
export interface StrangerRates {
  readonly strangerRequestsPerMinute: number;
  readonly strangersRequestsPerMinute: number;
}

/** Counts what comes without a valid token, by address. */
export interface Strangers {
  /** Counts a request without a token as `requests` of them. @throws rate_limited */
  count(address: string, requests: number): Promise<void>;
  /** Counts a token that is none of ours. */
  countBadToken(address: string): Promise<void>;
  /** Before a token is looked at whose signature is not known to hold. @throws rate_limited when this address sent too many that were not */
  admitUnknownToken(address: string): Promise<void>;
}

const minute = 60;

/**
 * Memory stays bounded whatever addresses there are: they are counted in 65,536 places, which of them is no secret that an attacker could choose. Whose
 * token is signed with a key that this node knows is never refused for what others of the same address do.
 */
export function createStrangers(rates: StrangerRates = limits): Strangers {
  const salt = randomBytes(16);
  const each = new RateLimiterMemory({ points: rates.strangerRequestsPerMinute, duration: minute });
  const all = new RateLimiterMemory({ points: rates.strangersRequestsPerMinute, duration: minute });
  const placeOf = (address: string) =>
    createHash('sha256').update(salt).update(addressGroup(address)).digest().readUInt16BE(0);

  return {
    async count(address, requests) {
      await consume(each, placeOf(address), requests, 'one address');
      await consume(all, 'all', requests, 'all strangers together');
    },
    async countBadToken(address) {
      await each.consume(placeOf(address)).catch(unlessFull);
    },
    async admitUnknownToken(address) {
      const state = await each.get(placeOf(address));
      if (state !== null && state.consumedPoints >= each.points) throw tooMany(each, state, 'one address');
    },
  };
}

async function consume(limiter: RateLimiterMemory, key: string | number, points: number, whose: string): Promise<void> {
  try {
    await limiter.consume(key, points);
  } catch (error) {
    unlessFull(error);
    if (error instanceof RateLimiterRes) throw tooMany(limiter, error, whose);
  }
}

function unlessFull(error: unknown): void {
  if (!(error instanceof RateLimiterRes)) throw error;
}

function tooMany({ points }: RateLimiterMemory, { msBeforeNext }: RateLimiterRes, whose: string): ParleyError {
  const retryAfterMs = Math.max(1, msBeforeNext);
  return new ParleyError(
    'rate_limited',
    `unable to answer without a valid token; ${whose} may ask ${points} times a minute, send a token or wait ${retryAfterMs} ms`,
    { limit: points, retryAfterMs },
  );
}
