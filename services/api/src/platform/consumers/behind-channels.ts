import { computedOnce, fenced } from '../planner-hints.ts';
import type { Sql } from '../sql.ts';
import type { Consumer } from './define-consumer.ts';
import { type Place, partitionSql } from './partition.ts';
import { isBehindSql, positionSql } from './position-sql.ts';

/** A channel that has events which the consumer has not handled. */
export interface BehindChannel extends Place {
  readonly partition: number;
  /** Events that wait. */
  readonly lag: number;
  /** Time of the oldest of them; null when it was pruned. */
  readonly since: string | null;
  /** Whether it is to be handled now: not parked, and not waiting to be tried again. */
  readonly due: boolean;
  readonly parked: boolean;
}

/** The channels that are behind among the next ones by their ids. */
export interface BehindPage {
  readonly behind: readonly BehindChannel[];
  /** Where the next page begins; null: this was the last one. */
  readonly next: Place | null;
}

interface PageRow {
  readonly count: number;
  readonly lastApp: string | null;
  readonly lastChannel: string | null;
  readonly behind: readonly BehindChannel[];
}

/** Channels that one statement looks at. Each is a row of `channels` and one of `consumer_cursors`, both found in the order of their keys. */
export const channelsAtOnce = 1_000;

/**
 * Holds the heads of channels against the consumer's cursors. This alone decides what a consumer still has to do, so nothing that a send leaves behind for
 * it can be lost, and a send leaves nothing.
 */
export async function behindPage(
  sql: Sql,
  { name, scope }: Pick<Consumer, 'name' | 'scope'>,
  partitions: readonly number[],
  after: Place | null,
): Promise<BehindPage> {
  const appId = scope === 'all' ? null : scope.appId;
  // Empty texts come before every id.
  const { appId: lastApp, channelId: lastChannel } = after ?? { appId: appId ?? '', channelId: '' };
  const [row] = await sql.query<PageRow>(
    `-- consumer-behind${appId === null ? '' : '-in-app'}
     WITH ${computedOnce(
       'page',
       `
       SELECT app_id, channel_id, seq, log_floor, head_at, created_at FROM channels
        WHERE (app_id, channel_id) > ($1, $2) ${appId === null ? '' : 'AND app_id = $5'} ORDER BY app_id, channel_id LIMIT ${channelsAtOnce}`,
     )},
     ${computedOnce(
       'behind',
       `
       SELECT c.app_id, c.channel_id, c.seq, ${positionSql('c', 'k', 's')} AS position, k.retry_at
         FROM page c JOIN consumers s ON s.consumer = $3
         LEFT JOIN LATERAL ${fenced(`SELECT consumer, seq, retry_at FROM consumer_cursors
             WHERE app_id = c.app_id AND channel_id = c.channel_id AND consumer = $3`)} k ON TRUE
        WHERE ${isBehindSql('c', 'k', 's')}`,
     )},
     found AS (
       SELECT b.app_id, b.channel_id, ${partitionSql('b')} AS partition, b.seq - b.position AS lag, d.consumer IS NOT NULL AS parked,
              d.consumer IS NULL AND (b.retry_at IS NULL OR b.retry_at <= clock_timestamp()) AS due,
              (SELECT e.at FROM channel_events e WHERE e.app_id = b.app_id AND e.channel_id = b.channel_id AND e.seq = b.position + 1) AS since
         FROM behind b LEFT JOIN LATERAL ${fenced(`SELECT consumer FROM consumer_dead_letters
             WHERE app_id = b.app_id AND channel_id = b.channel_id AND consumer = $3`)} d ON TRUE
        WHERE b.seq > b.position AND ${partitionSql('b')} = ANY ($4::int[]))
     SELECT (SELECT count(*)::int FROM page) AS count, last.app_id AS "lastApp", last.channel_id AS "lastChannel",
            (SELECT coalesce(jsonb_agg(jsonb_build_object('appId', app_id, 'channelId', channel_id, 'partition', partition, 'lag', lag,
               'since', since, 'due', due, 'parked', parked) ORDER BY app_id, channel_id), '[]') FROM found) AS behind
       FROM (SELECT 1) one LEFT JOIN (SELECT app_id, channel_id FROM page ORDER BY app_id DESC, channel_id DESC LIMIT 1) last ON TRUE`,
    [lastApp, lastChannel, name, partitions, ...(appId === null ? [] : [appId])],
  );
  if (row === undefined) return { behind: [], next: null };
  const more = row.count === channelsAtOnce && row.lastApp !== null && row.lastChannel !== null;
  return {
    behind: row.behind,
    next: more ? { appId: row.lastApp ?? '', channelId: row.lastChannel ?? '' } : null,
  };
}
