import type { DateTime } from '@parley/contracts';
import type { AccessChange } from '@parley/contracts/bus';
import type { Clock, Logger, TimerHandle } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';

export interface AccessRoundsDeps {
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** The apps that somebody on this node belongs to. */
  readonly apps: () => readonly string[];
  readonly changed: (change: AccessChange) => void;
}

const askEveryMs = 10_000;
const retryMs = 1_000;
const appsPerCall = 500;

/** The bus may lose the notice that somebody's access changed, after which nothing shows that it is missing: so the database is asked (ADR 13). */
export class AccessRounds {
  readonly #deps: AccessRoundsDeps;
  #since: DateTime | null = null;
  #timer: TimerHandle | undefined;
  #running = false;
  #closed = false;

  constructor(deps: AccessRoundsDeps) {
    this.#deps = deps;
    this.#schedule(askEveryMs);
  }

  /** Asks now rather than at the next turn, such as when the bus is back. */
  retryNow(): void {
    if (!this.#running) void this.#round();
  }

  close(): void {
    this.#closed = true;
    this.#deps.clock.clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    if (!this.#closed) this.#timer = this.#deps.clock.setTimeout(() => void this.#round(), ms);
  }

  async #round(): Promise<void> {
    this.#running = true;
    this.#deps.clock.clearTimeout(this.#timer);
    try {
      this.#since = await this.#ask(this.#since);
      this.#schedule(askEveryMs);
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'unable to ask whose access has changed; it will be tried again');
      this.#schedule(retryMs);
    } finally {
      this.#running = false;
    }
  }

  /** Resolves with where the next round begins: of several answers, the earliest. */
  async #ask(since: DateTime | null): Promise<DateTime | null> {
    const apps = this.#deps.apps();
    const nexts: DateTime[] = [];
    for (let start = 0; start < apps.length && !this.#closed; start += appsPerCall) {
      const appIds = apps.slice(start, start + appsPerCall);
      const reply = await this.#deps.ask('access.recent', { appIds, since });
      nexts.push(reply.since);
      for (const change of reply.changes) if (!this.#closed) this.#deps.changed(change);
    }
    return nexts.sort()[0] ?? since;
  }
}
