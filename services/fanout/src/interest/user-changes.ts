import type { DateTime } from '@parley/contracts';
import type { ChangedUser } from '@parley/contracts/bus';
import type { Clock, Logger, TimerHandle } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { Inboxes } from './inboxes.ts';
import { RecentlySent } from './recently-sent.ts';
import { Reconciler } from './reconciler.ts';
import type { Topics } from './topics.ts';

export interface UserChangesDeps {
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly inboxes: Pick<Inboxes, 'apps' | 'of'>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly nodeId: string;
  readonly topics: Pick<Topics, 'apps' | 'showing'>;
}

/** Notices that come within this time are one question. */
const collectMs = 50;
const appsPerCall = 500;

/**
 * Shows changed profiles to those who see them: watchers of the user's channels, and inboxes of those who share one. A notice of the bus says only that
 * something changed in an app; what it is the API is asked, and is asked all the same every ten seconds, since the bus may lose the notice.
 */
export class UserChanges {
  readonly #deps: UserChangesDeps;
  readonly #noticed = new Set<string>();
  /** Of each app, where the next question begins. */
  #since = new Map<string, DateTime>();
  /** User → the time of the change that was sent. */
  readonly #sent = new RecentlySent<DateTime>();
  readonly #reconciler: Reconciler;
  #timer: TimerHandle | undefined;
  #asking = false;
  #closed = false;

  constructor(deps: UserChangesDeps) {
    this.#deps = deps;
    const { clock, logger } = deps;
    const task = 'ask whose profile has changed';
    this.#reconciler = new Reconciler({ clock, logger, task, compare: () => this.#compare() });
  }

  /** Profiles changed in the app. */
  note(appId: string): void {
    this.#noticed.add(appId);
    this.#askSoon();
  }

  /** Asks at once, such as when the bus is back. */
  retryNow(): void {
    this.#reconciler.retryNow();
  }

  close(): void {
    this.#closed = true;
    this.#deps.clock.clearTimeout(this.#timer);
    this.#reconciler.close();
  }

  #askSoon(): void {
    if (this.#closed || this.#asking) return;
    this.#timer ??= this.#deps.clock.setTimeout(() => {
      this.#timer = undefined;
      void this.#askNoticed();
    }, collectMs);
  }

  async #askNoticed(): Promise<void> {
    const shown = this.#shownApps();
    const apps = [...this.#noticed].filter((appId) => shown.has(appId));
    this.#noticed.clear();
    this.#asking = true;
    try {
      await this.#ask(apps);
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'unable to ask whose profile has changed; it will be asked again');
    }
    this.#asking = false;
    if (this.#noticed.size > 0) this.#askSoon();
  }

  async #compare(): Promise<void> {
    const apps = this.#shownApps();
    this.#since = new Map([...this.#since].filter(([appId]) => apps.has(appId)));
    await this.#ask([...apps]);
    this.#sent.turn();
  }

  #shownApps(): ReadonlySet<string> {
    return new Set([...this.#deps.topics.apps(), ...this.#deps.inboxes.apps()]);
  }

  async #ask(appIds: readonly string[]): Promise<void> {
    const { ask, nodeId } = this.#deps;
    for (let start = 0; start < appIds.length && !this.#closed; start += appsPerCall) {
      const apps = appIds
        .slice(start, start + appsPerCall)
        .map((appId) => ({ appId, since: this.#since.get(appId) ?? null }));
      // A user with many channels comes on several pages.
      const fresh = new Set<string>();
      let page: string | null = null;
      let next: DateTime | undefined;
      do {
        const reply: { since: DateTime; changed: readonly ChangedUser[]; next: string | null } = await ask(
          'users.recent',
          { nodeId, apps, page },
        );
        next ??= reply.since;
        for (const change of reply.changed) if (!this.#closed) this.#show(change, fresh);
        page = reply.next;
      } while (page !== null && !this.#closed);
      for (const { appId } of apps) if (next !== undefined) this.#since.set(appId, next);
    }
  }

  #show({ appId, user, channelIds, viewerIds }: ChangedUser, fresh: Set<string>): void {
    const key = `${appId} ${user.id}`;
    if (!fresh.has(key)) {
      if ((this.#sent.find(key) ?? '') >= user.updatedAt) return;
      this.#sent.note(key, user.updatedAt);
      fresh.add(key);
    }
    for (const topic of this.#deps.topics.showing(appId, user.id, channelIds)) topic.userChanged(user);
    for (const viewerId of viewerIds)
      for (const inbox of this.#deps.inboxes.of(appId, viewerId)) inbox.userChanged(user);
  }
}
