import { type LoggedEvent, limits } from '@parley/contracts';
import { epochSql } from '../log-epoch.ts';
import { fenced } from '../planner-hints.ts';
import type { Sql } from '../sql.ts';
import type { WholeEvents } from '../whole-events.ts';
import type { Place } from './partition.ts';
import { positionSql } from './position-sql.ts';

/** A channel as a consumer finds it when it comes to handle it. */
export interface ConsumerPage {
  readonly epoch: string;
  /** Up to here everything was handled. */
  readonly position: number;
  /** Events up to this one are pruned. */
  readonly floor: number;
  readonly head: number;
  /** Attempts at what comes next that failed. */
  readonly attempts: number;
  /** What comes next: dense, from `max(position, floor) + 1`. None when the channel is parked or waits to be tried again. */
  readonly events: readonly LoggedEvent[];
}

export interface ReadChannelsDependencies {
  readonly sql: Sql;
  readonly wholeEvents: WholeEvents;
  readonly consumer: string;
  readonly batchEvents: number;
}

/**
 * What comes next in each of the channels, of one moment, in the order asked for; null: nothing is to be done there now. Events of a batch that
 * failed come one at a time, so that what comes before the bad one is done with, and the bad one is known.
 */
export async function readChannels(
  { sql, wholeEvents, consumer, batchEvents }: ReadChannelsDependencies,
  places: readonly Place[],
): Promise<readonly (ConsumerPage | null)[]> {
  const rows = await sql.query<ConsumerPage & { readonly place: number }>(
    `-- consumer-read
     WITH q AS (
       SELECT q.place::int AS place, q.app_id, q.channel_id, c.seq AS head, c.log_floor AS floor, ${positionSql('c', 'k', 's')} AS position,
              coalesce(k.attempts, 0) AS attempts, CASE WHEN k.seq < k.single_until THEN 1 ELSE $4::int END AS most
         FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS q (app_id, channel_id, place)
         JOIN channels c ON c.app_id = q.app_id AND c.channel_id = q.channel_id
         JOIN consumers s ON s.consumer = $3
         LEFT JOIN consumer_cursors k ON k.app_id = q.app_id AND k.channel_id = q.channel_id AND k.consumer = $3
        WHERE (k.retry_at IS NULL OR k.retry_at <= clock_timestamp())
          AND NOT EXISTS (SELECT 1 FROM consumer_dead_letters d WHERE d.app_id = q.app_id AND d.channel_id = q.channel_id AND d.consumer = $3)),
     e AS (SELECT q.place, x.seq, x.event, row_number() OVER w AS n, sum(octet_length(x.event::text)) OVER w AS bytes
             FROM q CROSS JOIN LATERAL ${fenced(`SELECT l.seq, ${wholeEvents.sql('l')} AS event FROM (SELECT * FROM channel_events
                    WHERE app_id = q.app_id AND channel_id = q.channel_id AND seq > q.position ORDER BY seq LIMIT q.most) l`)} x
           WINDOW w AS (PARTITION BY q.place ORDER BY x.seq)),
     p AS (SELECT place, jsonb_agg(event ORDER BY seq) AS events FROM e WHERE n = 1 OR bytes <= $5 GROUP BY place)
     SELECT ${epochSql} AS epoch, q.place, q.position, q.floor, q.head, q.attempts, coalesce(p.events, '[]') AS events
       FROM q LEFT JOIN p ON p.place = q.place WHERE q.head > q.position`,
    [
      places.map(({ appId }) => appId),
      places.map(({ channelId }) => channelId),
      consumer,
      batchEvents,
      limits.eventsPageBytes,
    ],
  );
  const logs = await wholeEvents.withUsers(
    sql,
    rows.map(({ place, events }) => ({ appId: places[place - 1]?.appId ?? '', events })),
  );
  const pages = new Map(rows.map(({ place, ...page }, index) => [place, { ...page, events: logs[index] ?? [] }]));
  return places.map((_, index) => pages.get(index + 1) ?? null);
}
