import type { DateTime, User } from '@parley/contracts';
import type { RecentInboxes, RecentNumbers, RecentTotals } from '@parley/contracts/bus';
import type { Clock, Logger } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import { Reconciler } from './reconciler.ts';

/** The state that one user's inboxes should have been sent by now. */
export interface Due extends Pick<RecentInboxes, 'at' | 'cursor'> {
  readonly numbers: readonly RecentNumbers[];
  readonly totals: RecentTotals | undefined;
}

/** One subscriber's inbox, as its node sees it. */
export interface OpenInbox {
  readonly appId: string;
  readonly userId: string;
  /** Reads the state again when the inbox was sent something else. */
  compare(due: Due): void;
  /** The profile of somebody changed who shares a channel with the user. */
  userChanged(user: User): void;
  /** A round of comparison is over. */
  turn(): void;
  /** The log has this epoch: an inbox with the state of another one reads everything again. */
  compareEpoch(epoch: string): void;
}

export interface InboxesDeps {
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly nodeId: string;
}

const appsPerCall = 500;

/** The open inboxes of this node, and their comparison with the database. */
export class Inboxes {
  readonly #deps: InboxesDeps;
  readonly #ofUsers = new Map<string, Set<OpenInbox>>();
  readonly #reconciler: Reconciler;
  #since: DateTime | null = null;

  constructor(deps: InboxesDeps) {
    this.#deps = deps;
    const { clock, logger } = deps;
    const task = 'compare the inboxes with the database';
    this.#reconciler = new Reconciler({ clock, logger, task, compare: () => this.#compare() });
  }

  /** Returns a function that removes the inbox, harmless when repeated. */
  add(inbox: OpenInbox): () => void {
    const key = keyOf(inbox);
    const ofUser = this.#ofUsers.get(key) ?? new Set();
    this.#ofUsers.set(key, ofUser);
    ofUser.add(inbox);
    return () => {
      ofUser.delete(inbox);
      if (ofUser.size === 0 && this.#ofUsers.get(key) === ofUser) this.#ofUsers.delete(key);
    };
  }

  /** Apps with an open inbox. */
  apps(): ReadonlySet<string> {
    return new Set([...this.#ofUsers.values()].flatMap(([inbox]) => inbox?.appId ?? []));
  }

  /** Those of one user. */
  of(appId: string, userId: string): Iterable<OpenInbox> {
    return this.#ofUsers.get(keyOf({ appId, userId })) ?? [];
  }

  close(): void {
    this.#reconciler.close();
    this.#ofUsers.clear();
  }

  async #compare(): Promise<void> {
    this.#since = await this.#compareSince(this.#since);
    for (const ofUser of this.#ofUsers.values()) for (const inbox of ofUser) inbox.turn();
  }

  /** Resolves with the start of the next round. */
  async #compareSince(since: DateTime | null): Promise<DateTime | null> {
    const { ask, nodeId } = this.#deps;
    const apps = [...this.apps()];
    let next: DateTime | null = null;
    for (let start = 0; start < apps.length; start += appsPerCall) {
      const appIds = apps.slice(start, start + appsPerCall);
      let page: string | null = null;
      do {
        const reply: RecentInboxes = await ask('inbox.recent', { nodeId, appIds, since, page });
        next ??= reply.since;
        for (const ofUser of this.#ofUsers.values()) for (const inbox of ofUser) inbox.compareEpoch(reply.epoch);
        this.#distribute(reply);
        page = reply.next;
      } while (page !== null && this.#ofUsers.size > 0);
    }
    return next;
  }

  #distribute({ at, cursor, numbers, totals }: RecentInboxes): void {
    const ofUsers = Map.groupBy(numbers, keyOf);
    const totalsOf = new Map(totals.map((one) => [keyOf(one), one]));
    for (const [key, own] of ofUsers)
      for (const inbox of this.#ofUsers.get(key) ?? [])
        inbox.compare({ at, cursor, numbers: own, totals: totalsOf.get(key) });
  }
}

const keyOf = ({ appId, userId }: { readonly appId: string; readonly userId: string }): string => `${appId} ${userId}`;
