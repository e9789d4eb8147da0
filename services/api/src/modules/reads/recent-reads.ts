import type { ReadAdvanced } from '@parley/contracts';
import type { Rpc } from '@parley/contracts/bus';
import { databaseNow } from '../../platform/database-time.ts';
import { recentWindow } from '../../platform/recent-window.ts';
import type { Sql } from '../../platform/sql.ts';
import { hasReceipts } from './channel-reads.ts';

/** One read pointer takes up to 500 bytes, and the bus carries 1 MiB. */
const readsAtOnce = 2_000;

/** See `channel.recentReads` of the bus. */
export async function recentReads(
  sql: Sql,
  { channels, since: asked }: Rpc['channel.recentReads']['request'],
): Promise<Rpc['channel.recentReads']['reply']> {
  const { since, nextSince } = recentWindow(await databaseNow(sql), asked, 0);
  const withReceipts = channels.filter(({ channelId }) => hasReceipts(channelId));
  if (asked === null || withReceipts.length === 0) return { since: nextSince, reads: [] };
  const rows = await sql.query<Omit<ReadAdvanced, '__typename'> & { readonly appId: string; readonly movedAt: string }>(
    `-- recent-reads
     SELECT m.app_id AS "appId", m.channel_id AS "channelId", m.user_id AS "userId", m.read_seq AS "readSeq", m.read_at AS at, m.updated_at AS "movedAt"
       FROM unnest($1::text[]) AS a (app_id)
       JOIN members m ON m.app_id = a.app_id AND m.updated_at > $4 AND m.read_at > $4 AND m.left_at IS NULL
       JOIN unnest($2::text[], $3::text[]) AS k (app_id, channel_id) ON k.app_id = m.app_id AND k.channel_id = m.channel_id
      ORDER BY m.updated_at LIMIT $5`,
    [
      [...new Set(withReceipts.map(({ appId }) => appId))],
      withReceipts.map(({ appId }) => appId),
      withReceipts.map(({ channelId }) => channelId),
      since,
      readsAtOnce,
    ],
  );
  const reads = rows.map(({ appId, channelId, userId, readSeq, at }) => ({
    __typename: 'ReadAdvanced' as const,
    appId,
    channelId,
    userId,
    readSeq,
    at,
  }));
  const last = rows.length === readsAtOnce ? rows.at(-1) : undefined;
  return { since: last === undefined ? nextSince : justBefore(last.movedAt, since), reads };
}

/** Others may have moved in the same millisecond; but it goes on. */
function justBefore(at: string, since: string): string {
  const before = new Date(Date.parse(at) - 1).toISOString();
  return before > since ? before : at;
}
