import { createHash } from 'node:crypto';
import { ParleyError } from '@parley/contracts';
import { type Clock, createByteBoundedCache, type TimerHandle } from '@parley/service-kit';
import { LRUCache } from 'lru-cache';
import { TokenBucket } from '../sessions/token-bucket.ts';

export interface RefusedTokensDeps {
  readonly clock: Clock;
  readonly limits: { readonly refusedTokensPerAddressPerMinute: number; readonly strangersPerAddress: number };
  /** Tokens that this node made for itself, which nobody else has. */
  readonly isOwn: (token: string) => boolean;
}

interface Address {
  /** Each refusal takes one. */
  readonly refusals: TokenBucket;
  looking: number;
}

const secondsPerMinute = 60;
const sweepMs = 60_000;
/** Past these the address that sent nothing for longest is forgotten. */
const mostAddresses = 10_000;

/** About 14,000 tokens. */
const goodBytes = 4 * 1024 * 1024;

/**
 * Bounds the bad tokens of an address: each token costs a question to the API, whoever sent it. Others may share the address, so a token that was good
 * lately is always looked at.
 */
export class RefusedTokens {
  readonly #deps: RefusedTokensDeps;
  readonly #addresses = new LRUCache<string, Address>({ max: mostAddresses });
  /** By hash. */
  readonly #good = createByteBoundedCache<true>({ maxBytes: goodBytes, bytesOf: () => 0 });
  #timer: TimerHandle | undefined;

  constructor(deps: RefusedTokensDeps) {
    this.#deps = deps;
  }

  /** Addresses that sent a bad one lately, or wait for an answer. */
  get size(): number {
    return this.#addresses.size;
  }

  /** Asks about the token. @throws rate_limited when too many from this address were refused, and what `ask` throws */
  async look<Answer>(address: string, token: string, ask: () => Promise<Answer>): Promise<Answer> {
    if (this.#deps.isOwn(token)) return await ask();
    const from = this.#from(address);
    const key = createHash('sha256').update(token).digest('base64');
    if (this.#good.get(key) === undefined) this.#admit(from);
    from.looking += 1;
    try {
      const answer = await ask();
      this.#good.set(key, true);
      return answer;
    } catch (error) {
      if (error instanceof ParleyError && (error.code === 'unauthenticated' || error.code === 'forbidden')) {
        this.#good.delete(key);
        from.refusals.spend(1);
      }
      throw error;
    } finally {
      from.looking -= 1;
      if (isForgettable(from)) this.#addresses.delete(address);
    }
  }

  close(): void {
    this.#deps.clock.clearTimeout(this.#timer);
  }

  #admit({ refusals, looking }: Address): void {
    const { refusedTokensPerAddressPerMinute: limit, strangersPerAddress } = this.#deps.limits;
    const retryAfterMs = refusals.msUntil(1);
    if (retryAfterMs > 0)
      throw new ParleyError(
        'rate_limited',
        `unable to authenticate; over ${limit} tokens from this address were refused in a minute: wait, then send a valid one`,
        { limit, retryAfterMs },
      );
    if (looking >= strangersPerAddress)
      throw new ParleyError(
        'rate_limited',
        `unable to authenticate; ${strangersPerAddress} tokens from this address wait to be looked at: try again`,
        { limit: strangersPerAddress, retryAfterMs: 1_000 },
      );
  }

  #from(address: string): Address {
    const known = this.#addresses.get(address);
    if (known !== undefined) return known;
    const { clock, limits } = this.#deps;
    const perMinute = limits.refusedTokensPerAddressPerMinute;
    const from: Address = { refusals: new TokenBucket(clock, perMinute / secondsPerMinute, perMinute), looking: 0 };
    this.#addresses.set(address, from);
    this.#timer ??= clock.setTimeout(() => this.#sweep(), sweepMs);
    return from;
  }

  #sweep(): void {
    for (const [address, from] of [...this.#addresses]) if (isForgettable(from)) this.#addresses.delete(address);
    this.#timer = this.#addresses.size === 0 ? undefined : this.#deps.clock.setTimeout(() => this.#sweep(), sweepMs);
  }
}

const isForgettable = ({ looking, refusals }: Address): boolean => looking === 0 && refusals.isFull;
