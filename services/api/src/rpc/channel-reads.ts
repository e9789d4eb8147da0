import type { ReadAdvanced } from '@parley/contracts';
import type { Sql } from '../platform/sql.ts';

/** The read pointers of the `most` members of a channel who read last, newest first; in a larger one those of the others are of no use to a viewer. */
export async function channelReads(sql: Sql, appId: string, channelId: string, most: number): Promise<ReadAdvanced[]> {
  const rows = await sql.query<{ userId: string; readSeq: number; at: string }>(
    `SELECT user_id AS "userId", read_seq AS "readSeq", coalesce(read_at, created_at) AS at FROM members
      WHERE app_id = $1 AND channel_id = $2 AND left_at IS NULL ORDER BY read_at DESC NULLS LAST, user_id LIMIT $3`,
    [appId, channelId, most],
  );
  return rows.map((row) => ({ __typename: 'ReadAdvanced', channelId, ...row }));
}
