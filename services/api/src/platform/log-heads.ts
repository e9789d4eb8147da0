import { epochSql, readEpoch } from './log-epoch.ts';
import type { Sql } from './sql.ts';

export interface Heads {
  /** Of the same moment. */
  readonly epoch: string;
  /** In the order asked for; null for a channel that is deleted or was never there. */
  readonly heads: readonly (number | null)[];
}

export async function readHeads(
  sql: Sql,
  channels: readonly { readonly appId: string; readonly channelId: string }[],
): Promise<Heads> {
  const rows = await sql.query<{ epoch: string; head: number | null }>(
    `SELECT ${epochSql} AS epoch, c.seq AS head FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k (app_id, channel_id, place)
       LEFT JOIN channels c ON c.app_id = k.app_id AND c.channel_id = k.channel_id AND c.deleted_at IS NULL
      ORDER BY k.place`,
    [channels.map((channel) => channel.appId), channels.map((channel) => channel.channelId)],
  );
  return { epoch: rows[0]?.epoch ?? (await readEpoch(sql)), heads: rows.map((row) => row.head) };
}
