import type { ParleyError } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import type { UserQuota } from '../quota/user-quota.ts';

/** Why a connection is ended: a WebSocket is closed with the code, an event stream says the error. */
export interface SessionEnd {
  readonly code: number;
  readonly error: ParleyError;
}

/** One connection whose token was accepted. */
export interface Session {
  readonly id: string;
  readonly principal: Principal;
  readonly token: string;
  readonly origin: string | null;
  /** Share of its user in the node, over all connections. */
  readonly quota: UserQuota;
  /** Called once in a while: find out whether the peer lives, keep proxies awake. */
  beat(): void;
  /** Asks again for everything that is watched on it. */
  reauthorise(): void;
  end(reason: SessionEnd): void;
}
