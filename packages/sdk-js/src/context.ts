import type { User } from '@parley/contracts';
import type { Connection } from './connection/driver.ts';
import type { Clock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';
import type { ExecuteTyped } from './operations/execute.ts';
import type { SubscribeTyped } from './operations/subscriptions.ts';

/** The dependencies of every feature. */
export interface Context {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly connection: Pick<Connection, 'link' | 'need' | 'state'>;
  readonly execute: ExecuteTyped;
  readonly subscribe: SubscribeTyped;
  readonly viewer: {
    id(): string | null;
    /** As far as it is known. */
    user(): User | null;
    /** Somebody's profile changed. */
    changed(user: User): void;
  };
}
