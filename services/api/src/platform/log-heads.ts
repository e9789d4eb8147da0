import { type LoggedEvent, limits } from '@parley/contracts';
import { noSuchChannel } from './channel-draft.ts';
import type { LogPage } from './channel-log.ts';
import type { Sql } from './sql.ts';

interface HeadRow {
  readonly head: number;
  readonly floor: number;
  readonly events: readonly LoggedEvent[];
}

/** One statement, so head, floor and events are of one moment. At least one event, however large, when there is one. @throws not_found */
export async function readLog(
  sql: Sql,
  appId: string,
  channelId: string,
  after: number,
  limit: number,
): Promise<LogPage> {
  const count = Math.min(Math.max(Math.trunc(limit), 1), limits.eventsPage);
  const [row] = await sql.query<HeadRow>(
    `SELECT c.seq AS head, c.log_floor AS floor, coalesce((
       SELECT jsonb_agg(page.payload ORDER BY page.seq) FROM (
         SELECT e.seq, e.payload, sum(octet_length(e.payload::text)) OVER (ORDER BY e.seq) AS bytes, row_number() OVER (ORDER BY e.seq) AS place
           FROM (SELECT seq, payload FROM channel_events
                  WHERE app_id = c.app_id AND channel_id = c.channel_id AND seq > $3 ORDER BY seq LIMIT $4) e) page
        WHERE page.place = 1 OR page.bytes <= $5), '[]') AS events
       FROM channels c WHERE c.app_id = $1 AND c.channel_id = $2`,
    [appId, channelId, after, count, limits.eventsPageBytes],
  );
  if (row === undefined) throw noSuchChannel(channelId);
  return row;
}

/** Null for a channel that is deleted or was never there. */
export async function readHeads(
  sql: Sql,
  channels: readonly { readonly appId: string; readonly channelId: string }[],
): Promise<(number | null)[]> {
  const rows = await sql.query<{ head: number | null }>(
    `SELECT c.seq AS head FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k (app_id, channel_id, place)
       LEFT JOIN channels c ON c.app_id = k.app_id AND c.channel_id = k.channel_id AND c.deleted_at IS NULL
      ORDER BY k.place`,
    [channels.map((channel) => channel.appId), channels.map((channel) => channel.channelId)],
  );
  return rows.map((row) => row.head);
}
