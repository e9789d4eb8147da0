import type { User } from '@parley/contracts';
import type { Connection } from './connection/driver.ts';
import type { Clock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';
import type { Execute } from './operations/execute.ts';
import type { Subscribe } from './operations/subscriptions.ts';

/** What every feature is given. */
export interface Context {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly connection: Pick<Connection, 'link' | 'need' | 'state'>;
  readonly execute: Execute;
  readonly subscribe: Subscribe;
  readonly viewer: {
    id(): string | null;
    /** As far as it is known. */
    user(): User | null;
  };
}
