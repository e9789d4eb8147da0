import type { DateTime } from '@parley/contracts';
import type { AccessChange } from '@parley/contracts/bus';
import type { Clock, Logger } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import { Reconciler } from '../interest/reconciler.ts';

export interface AccessReconciliationDeps {
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** Apps with a session on this node. */
  readonly apps: () => readonly string[];
  readonly changed: (change: AccessChange) => void;
}

const appsPerCall = 500;

/** Asks the database whose access changed: the bus may lose the notice, after which nothing shows the loss (ADR 13). */
export class AccessReconciliation {
  readonly #deps: AccessReconciliationDeps;
  readonly #reconciler: Reconciler;
  #since: DateTime | null = null;
  #closed = false;

  constructor(deps: AccessReconciliationDeps) {
    this.#deps = deps;
    const { clock, logger } = deps;
    const task = 'ask whose access has changed';
    this.#reconciler = new Reconciler({ clock, logger, task, compare: () => this.#compare() });
  }

  /** Asks at once, such as when the bus is back. */
  retryNow(): void {
    this.#reconciler.retryNow();
  }

  close(): void {
    this.#closed = true;
    this.#reconciler.close();
  }

  async #compare(): Promise<void> {
    const apps = this.#deps.apps();
    const since = this.#since;
    /** Starts of the next round. The earliest one counts. */
    const nexts: DateTime[] = [];
    for (let start = 0; start < apps.length && !this.#closed; start += appsPerCall) {
      const appIds = apps.slice(start, start + appsPerCall);
      const reply = await this.#deps.ask('access.recent', { appIds, since });
      nexts.push(reply.since);
      for (const change of reply.changes) if (!this.#closed) this.#deps.changed(change);
    }
    this.#since = nexts.sort()[0] ?? since;
  }
}
