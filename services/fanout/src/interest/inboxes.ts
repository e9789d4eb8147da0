import type { DateTime } from '@parley/contracts';
import type { RecentInboxes, RecentNumbers, RecentTotals } from '@parley/contracts/bus';
import type { Clock, Logger, TimerHandle } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';

/** What one user should have been told by now. */
export interface Due extends Pick<RecentInboxes, 'at' | 'cursor'> {
  readonly numbers: readonly RecentNumbers[];
  readonly totals: RecentTotals | undefined;
}

/** One subscriber's inbox, as its node sees it. */
export interface OpenInbox {
  readonly appId: string;
  readonly userId: string;
  /** It was told something else than this: it has to ask. */
  compare(due: Due): void;
  /** A round is over. */
  turn(): void;
  /** The log is of this epoch: who was told of another has to be told all anew. */
  compareEpoch(epoch: string): void;
}

export interface InboxesDeps {
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly nodeId: string;
}

const compareEveryMs = 10_000;
/** Doubled with each further failure: a question that is too much for the database must not be asked every second. */
const retryMs = 1_000;
const appsPerCall = 500;

/**
 * The inboxes that are open on this node. The bus may silently lose the last number of a channel, or a node may die before it has told it, after which
 * nothing shows that one is missing: so what was told is held against the database.
 */
export class Inboxes {
  readonly #deps: InboxesDeps;
  readonly #ofUsers = new Map<string, Set<OpenInbox>>();
  #since: DateTime | null = null;
  #failures = 0;
  #timer: TimerHandle | undefined;
  #closed = false;

  constructor(deps: InboxesDeps) {
    this.#deps = deps;
    this.#schedule(compareEveryMs);
  }

  /** Returns its undo, harmless when repeated. */
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

  close(): void {
    this.#closed = true;
    this.#deps.clock.clearTimeout(this.#timer);
    this.#ofUsers.clear();
  }

  #schedule(ms: number): void {
    if (!this.#closed) this.#timer = this.#deps.clock.setTimeout(() => void this.#round(), ms);
  }

  async #round(): Promise<void> {
    try {
      this.#since = await this.#compare(this.#since);
      for (const ofUser of this.#ofUsers.values()) for (const inbox of ofUser) inbox.turn();
      this.#failures = 0;
      this.#schedule(compareEveryMs);
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'unable to compare the inboxes with the database; it will be tried again');
      this.#schedule(Math.min(retryMs * 2 ** this.#failures, compareEveryMs));
      this.#failures += 1;
    }
  }

  /** Resolves with where the next round begins. */
  async #compare(since: DateTime | null): Promise<DateTime | null> {
    const { ask, nodeId } = this.#deps;
    const apps = [...new Set([...this.#ofUsers.values()].flatMap(([inbox]) => inbox?.appId ?? []))];
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
      } while (page !== null && !this.#closed);
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
