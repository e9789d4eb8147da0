import type { Sql } from './sql.ts';

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
