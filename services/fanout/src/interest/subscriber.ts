import type { Principal } from '@parley/contracts/bus';
import type { FanoutEvent } from '../broadcast/renderer.ts';
import type { UserQuota } from '../quota/user-quota.ts';

/** One running subscription, as its source sees it. */
export interface Subscriber {
  /** Of the connection, as of now: a renewed token changes it. */
  readonly principal: Principal;
  /** Of the user, over all connections. */
  readonly quota: UserQuota;
  /** Resolves when it is this user's turn to keep the node busy, for some events of a replay. */
  turn(): Promise<void>;
  /** The source keeps so many bytes more, or fewer, until the subscription ends. @throws rate_limited */
  keepsMore(bytes: number): void;
  /** `ephemeral`: may be left out when the connection is behind. */
  send(event: FanoutEvent, ephemeral: boolean): void;
  /** Ends the subscription with an error. */
  fail(error: unknown): void;
  /** Whether so much waits to be written that a replay should pause. */
  readonly congested: boolean;
  /** Resolves when there is room again, or the connection is gone. @throws slow_consumer past the deadline */
  drained(): Promise<void>;
}
