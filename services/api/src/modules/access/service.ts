import type { Rpc } from '@parley/contracts/bus';
import { databaseNow } from '../../platform/database-time.ts';
import type { Publisher } from '../../platform/publisher.ts';
import { overlapMs } from '../../platform/recent-window.ts';
import type { Sql } from '../../platform/sql.ts';
import { readAccessChanges } from './repository.ts';

export interface AccessChangesService {
  /** See `access.recent` of the bus. */
  recent(question: Rpc['access.recent']['request']): Promise<Rpc['access.recent']['reply']>;
  /**
   * Publishes changes that this node has not published yet: those of an operator's tool, which has no bus, and of nodes that died before they had
   * published theirs. Resolves with the count of those published.
   */
  notifyNew(): Promise<number>;
}

/** Where a node begins that has not asked before: longer ago than it can have been looking for an API node. */
const firstLookMs = 60_000;

/** One mechanism for every kind of change: who makes one stamps the row of the user or the app, in the same statement. */
export function createAccessChanges({
  sql,
  publisher,
}: {
  readonly sql: Sql;
  readonly publisher: Pick<Publisher, 'accessChanged'>;
}): AccessChangesService {
  /** Changes published within the overlap: user or app → the time of its change. */
  let notified = new Map<string, string>();
  let since: string | null = null;

  return {
    async recent({ appIds, since: asked }) {
      const now = Date.parse(await databaseNow(sql));
      const changes = await readAccessChanges(sql, appIds, asked ?? iso(now - firstLookMs));
      return { since: iso(now - overlapMs), changes };
    },

    async notifyNew() {
      const now = Date.parse(await databaseNow(sql));
      const changes = await readAccessChanges(sql, null, since ?? iso(now - overlapMs));
      const fresh = changes.filter(({ appId, userId, at }) => notified.get(`${appId} ${userId ?? ''}`) !== at);
      for (const { appId, userId, at } of fresh) publisher.accessChanged(appId, userId === null ? null : [userId], at);
      notified = new Map(changes.map(({ appId, userId, at }) => [`${appId} ${userId ?? ''}`, at]));
      since = iso(now - overlapMs);
      return fresh.length;
    },
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
