import type { User } from '@parley/contracts';
import type { Sql } from '../../platform/sql.ts';
import { unreadCountSql } from '../inbox/unread.ts';
import { isoTime, userJsonOf } from '../users/user-json.ts';

export interface MovedRead {
  readonly user: User;
  readonly readSeq: number;
  readonly readAt: string;
  readonly unreadCount: number;
  /** Whether it moved. */
  readonly advanced: boolean;
}

/** Moves the pointer forward, never past the head and never back, in one statement. `seq` null: to the head. Null: no member. */
export async function moveRead(
  sql: Sql,
  appId: string,
  channelId: string,
  userId: string,
  seq: number | null,
): Promise<MovedRead | null> {
  const rows = await sql.query<MovedRead>(
    `WITH head AS (SELECT seq FROM channels WHERE app_id = $1 AND channel_id = $2 AND deleted_at IS NULL),
      before AS (SELECT read_seq FROM members WHERE app_id = $1 AND channel_id = $2 AND user_id = $3 AND left_at IS NULL FOR UPDATE),
      moved AS (UPDATE members m SET read_seq = greatest(before.read_seq, least(COALESCE($4::bigint, head.seq), head.seq)),
          read_at = CASE WHEN least(COALESCE($4::bigint, head.seq), head.seq) > before.read_seq THEN now() ELSE COALESCE(m.read_at, m.created_at) END,
          updated_at = CASE WHEN least(COALESCE($4::bigint, head.seq), head.seq) > before.read_seq THEN now() ELSE m.updated_at END
        FROM head, before WHERE m.app_id = $1 AND m.channel_id = $2 AND m.user_id = $3
        RETURNING m.*, m.read_seq > before.read_seq AS advanced)
     SELECT ${userJsonOf('moved.app_id', 'moved.user_id')} AS user, moved.read_seq AS "readSeq", ${isoTime('moved.read_at')} AS "readAt",
       ${unreadCountSql('moved')} AS "unreadCount", moved.advanced FROM moved`,
    [appId, channelId, userId, seq],
  );
  return rows[0] ?? null;
}
