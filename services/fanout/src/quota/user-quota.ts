import { type LimitName, ParleyError } from '@parley/contracts';
import type { Clock } from '@parley/service-kit';
import { TokenBucket } from '../sessions/token-bucket.ts';
import { Gate } from './gate.ts';
import { Holdings } from './holdings.ts';
import type { WorkOwner } from './time-share-queue.ts';

export type QuotaLimits = {
  readonly [Name in Extract<
    LimitName,
    | 'bufferedBytesPerUser'
    | 'inboundBytesPerUserPerSecond'
    | 'operationsPerUserPerSecond'
    | 'presenceUserIdsPerUser'
    | 'processingMsPerUserPerSecond'
    | 'retainedBytesPerUser'
    | 'subscriptionsPerUser'
  >]: number;
};

export interface UserQuotaDeps {
  readonly clock: Clock;
  readonly limits: QuotaLimits;
}

/** Frames of any kind that each operation of the rate allows. */
const framesPerOperation = 4;
/** A returning client sends all its subscriptions at once. */
const inboundBurstSeconds = 4;
/** Enough time to prepare all subscriptions of a returning client. */
const processingBurstSeconds = 2;
/** A subscription that renders for its user alone may owe so much before it ends: live events cannot wait. */
const mostOwedMs = 2_000;
const gateWaitMs = 10_000;
/** Cost of a watched user that the owner watches in no other subscription: a place on the bus. */
const presenceIdBytes = 1_024;

/** Operations of one user that wait for the API at the same time. */
const atOnce = { forward: 20, channelEvents: 100, inbox: 4, presence: 8 } as const;
export type GateName = keyof typeof atOnce;

/**
 * The share of one user in a node, over all of its sockets and event streams. A token that speaks for nobody counts as its API key. The quota begins
 * with the first connection and ends with the last. Each owner of memory counts it here and gives it back.
 */
export class UserQuota implements WorkOwner {
  /** Ids whose presence is watched. */
  readonly presenceIds = new Holdings();
  readonly gates: { readonly [Name in GateName]: Gate };
  /** Connections that hold it. */
  connections = 0;
  readonly #limits: QuotaLimits;
  readonly #documents = new Holdings();
  readonly #operations: TokenBucket;
  readonly #frames: TokenBucket;
  readonly #inboundBytes: TokenBucket;
  readonly #processing: TokenBucket;
  #subscriptions = 0;
  #retained = 0;
  #buffered = 0;

  constructor({ clock, limits }: UserQuotaDeps) {
    this.#limits = limits;
    const { operationsPerUserPerSecond: perSecond, subscriptionsPerUser: burst } = limits;
    // A client that comes back resumes everything that it watches at once.
    this.#operations = new TokenBucket(clock, perSecond, Math.max(perSecond, burst));
    const framesPerSecond = perSecond * framesPerOperation;
    // And may let go of everything in the next moment.
    this.#frames = new TokenBucket(clock, framesPerSecond, framesPerSecond + 2 * burst);
    const inbound = limits.inboundBytesPerUserPerSecond;
    this.#inboundBytes = new TokenBucket(clock, inbound, inbound * inboundBurstSeconds);
    const processing = limits.processingMsPerUserPerSecond;
    this.#processing = new TokenBucket(clock, processing, processing * processingBurstSeconds);
    const gate = (name: GateName) => new Gate({ clock, atOnce: atOnce[name], waitMs: gateWaitMs });
    this.gates = {
      forward: gate('forward'),
      channelEvents: gate('channelEvents'),
      inbox: gate('inbox'),
      presence: gate('presence'),
    };
  }

  get subscriptions(): number {
    return this.#subscriptions;
  }

  /** Estimated bytes that the node keeps for this user. */
  get retainedBytes(): number {
    return this.#retained;
  }

  /** Bytes that wait for peers that do not read. */
  get bufferedBytes(): number {
    return this.#buffered;
  }

  /** Whether all rates have recovered. */
  get isRested(): boolean {
    return [this.#operations, this.#frames, this.#inboundBytes, this.#processing].every(({ isFull }) => isFull);
  }

  get owedMs(): number {
    return this.#processing.msUntil(0);
  }

  /** Takes a frame of this size. The sentence says what was too much; null: nothing. */
  frameFault(bytes: number): string | null {
    const { inboundBytesPerUserPerSecond, operationsPerUserPerSecond } = this.#limits;
    if (!this.#frames.take())
      return `over ${operationsPerUserPerSecond * framesPerOperation} frames of this user a second: slow down`;
    if (!this.#inboundBytes.take(bytes))
      return `over ${inboundBytesPerUserPerSecond} bytes of this user a second: slow down`;
    return null;
  }

  /** Takes one operation, or several at once for one that costs more. @throws rate_limited */
  admitOperations(count: number): void {
    if (this.#operations.take(count)) return;
    const limit = this.#limits.operationsPerUserPerSecond;
    throw new ParleyError(
      'rate_limited',
      `unable to start the operation; this user starts over ${limit} a second: slow down`,
      { limit, retryAfterMs: this.#operations.msUntil(count) },
    );
  }

  /** One more that runs. @throws rate_limited */
  addSubscription(): void {
    const limit = this.#limits.subscriptionsPerUser;
    if (this.#subscriptions >= limit)
      throw new ParleyError(
        'rate_limited',
        `unable to subscribe; ${limit} subscriptions of this user run on its connections, complete one first`,
        { limit },
      );
    this.#subscriptions += 1;
  }

  removeSubscription(): void {
    this.#subscriptions -= 1;
  }

  /** The node keeps so much more. @throws rate_limited */
  retain(bytes: number): void {
    const limit = this.#limits.retainedBytesPerUser;
    if (this.#retained + bytes > limit)
      throw new ParleyError(
        'rate_limited',
        `unable to keep more for this user; its operations take over ${limit} bytes on all connections together: complete some first, or send the same documents and smaller variables`,
        { limit },
      );
    this.#retained += bytes;
  }

  release(bytes: number): void {
    this.#retained -= bytes;
  }

  /** However many subscriptions share a document, it counts once. @throws rate_limited */
  holdDocument(key: string, bytes: number): void {
    if (!this.#documents.has(key)) this.retain(bytes);
    this.#documents.hold(key);
  }

  releaseDocument(key: string, bytes: number): void {
    if (this.#documents.release(key)) this.release(bytes);
  }

  /** @throws rate_limited when these and those that are watched already are too many */
  holdPresence(userIds: readonly string[]): void {
    const limit = this.#limits.presenceUserIdsPerUser;
    const added = userIds.filter((id) => !this.presenceIds.has(id)).length;
    if (this.presenceIds.size + added > limit)
      throw new ParleyError(
        'rate_limited',
        `unable to watch more users; ${limit} are watched on all connections of this user together, complete a subscription first`,
        { field: 'userIds', limit },
      );
    this.retain(added * presenceIdBytes);
    for (const id of userIds) this.presenceIds.hold(id);
  }

  releasePresence(userIds: readonly string[]): void {
    for (const id of userIds) if (this.presenceIds.release(id)) this.release(presenceIdBytes);
  }

  /** More bytes wait for a peer that does not read, or fewer. Whether that is still within bounds. */
  buffer(bytes: number): boolean {
    this.#buffered += bytes;
    return this.#buffered <= this.#limits.bufferedBytesPerUser;
  }

  spent(ms: number): void {
    this.#processing.spend(ms);
  }

  /** @throws rate_limited when rendering for this user alone has taken far more than its share */
  checkRendering(): void {
    if (this.owedMs * (this.#limits.processingMsPerUserPerSecond / 1_000) <= mostOwedMs) return;
    const limit = this.#limits.processingMsPerUserPerSecond;
    throw new ParleyError(
      'rate_limited',
      `unable to go on; results for this user alone take over ${limit} ms of a second: select fewer fields, or send the same document everywhere`,
      { limit, retryAfterMs: this.owedMs },
    );
  }
}
