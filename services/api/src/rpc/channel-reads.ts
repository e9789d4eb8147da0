import type { ReadAdvanced } from '@parley/contracts';
import type { Sql } from '../platform/sql.ts';

/** Those who read last; in a larger channel the pointers of the others are of no use to a viewer, and a bus message holds 1 MiB. */
const mostReads = 500;

/** The read pointers of a channel's members, newest first. */
export async function channelReads(sql: Sql, appId: string, channelId: string): Promise<ReadAdvanced[]> {
  const rows = await sql.query<{ userId: string; readSeq: number; at: string }>(
    `SELECT user_id AS "userId", read_seq AS "readSeq", coalesce(read_at, created_at) AS at FROM members
      WHERE app_id = $1 AND channel_id = $2 AND left_at IS NULL ORDER BY read_at DESC NULLS LAST, user_id LIMIT $3`,
    [appId, channelId, mostReads],
  );
  return rows.map((row) => ({ __typename: 'ReadAdvanced', channelId, ...row }));
}
