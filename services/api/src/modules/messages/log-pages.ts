import { type LoggedEvent, limits } from '@parley/contracts';
import type { Rpc } from '@parley/contracts/bus';
import { epochSql } from '../../platform/log-epoch.ts';
import { fenced } from '../../platform/planner-hints.ts';
import type { Sql } from '../../platform/sql.ts';
import { wholeEvents } from './whole-events.ts';

type Asked = Rpc['channel.events']['request'];
type Page = Rpc['channel.events']['reply'];

/** What one message should hold, in all pages: below what a bus message does. */
const pagesBytes = 700 * 1024;
/** Events in all pages, which the database reads before it knows how large they are. */
const eventsInAll = 2_500;
const leastEvents = 10;

interface PageRow {
  readonly epoch: string;
  readonly head: number | null;
  readonly floor: number;
  readonly events: readonly LoggedEvent[];
}

/**
 * Pages of many logs in one statement, so each page's head, floor, events and what their messages say are of one moment; cut by count, and by bytes over all of them. In the
 * order asked, deleted channels too; null: no such channel; `left`: there are events, but no room for any of them.
 */
export async function readPages(sql: Sql, asked: readonly Asked[]): Promise<readonly (Page | 'left' | null)[]> {
  const most = Math.max(leastEvents, Math.floor(eventsInAll / asked.length));
  const mostBytes = asked.length === 1 ? limits.eventsPageBytes : pagesBytes;
  const rows = await sql.query<PageRow>(
    `-- read-pages
     WITH q AS (SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::int[]) WITH ORDINALITY AS q (app_id, channel_id, after, most, place)),
     e AS (SELECT q.place, x.seq, x.event, row_number() OVER w AS n, sum(octet_length(x.event::text)) OVER w AS bytes
             FROM q CROSS JOIN LATERAL ${fenced(`SELECT l.seq, ${wholeEvents.sql('l')} AS event FROM (SELECT * FROM channel_events
                    WHERE app_id = q.app_id AND channel_id = q.channel_id AND seq > q.after ORDER BY seq LIMIT q.most) l`)} x
           WINDOW w AS (ORDER BY q.place, x.seq)),
     p AS (SELECT place, jsonb_agg(event ORDER BY seq) AS events FROM e WHERE n = 1 OR bytes <= $5 GROUP BY place)
     SELECT ${epochSql} AS epoch, c.seq AS head, c.log_floor AS floor, coalesce(p.events, '[]') AS events
       FROM q LEFT JOIN channels c ON c.app_id = q.app_id AND c.channel_id = q.channel_id LEFT JOIN p ON p.place = q.place ORDER BY q.place`,
    [
      asked.map(({ appId }) => appId),
      asked.map(({ channelId }) => channelId),
      asked.map(({ after }) => after),
      asked.map(({ limit }) => Math.min(limit, limits.eventsPage, most)),
      mostBytes,
    ],
  );
  const logs = asked.map(({ appId }, index) => ({ appId, events: rows[index]?.events ?? [] }));
  const pages = cut(await wholeEvents.withUsers(sql, logs), mostBytes);
  return asked.map(({ after }, index) => {
    const row = rows[index];
    if (row === undefined || row.head === null) return null;
    const { epoch, head, floor } = row;
    const events = pages[index] ?? [];
    // The first of those that have events always gets one.
    if (index > 0 && events.length === 0 && after < head && after >= floor) return 'left';
    return { epoch, head, floor, events };
  });
}

/** As many of the events as fit, in order: the database measured them without their users. The first of all always does. */
function cut(pages: readonly (readonly LoggedEvent[])[], mostBytes: number): readonly (readonly LoggedEvent[])[] {
  let bytes = 0;
  return pages.map((events) => {
    const fitting = events.findIndex((event) => {
      const before = bytes;
      bytes += Buffer.byteLength(JSON.stringify(event));
      return before > 0 && bytes > mostBytes;
    });
    return fitting < 0 ? events : events.slice(0, fitting);
  });
}
