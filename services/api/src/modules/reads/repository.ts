import type { User } from '@parley/contracts';
import { unreadCountSql } from '../../domain/unread-sql.ts';
import { isoTime, userJsonOf } from '../../domain/user-json.ts';
import type { Sql } from '../../platform/sql.ts';

/** Whose pointer is to move, and how far; `seq` null: to the head. */
export interface ReadCommand {
  readonly appId: string;
  readonly channelId: string;
  readonly userId: string;
  readonly seq: number | null;
}

export interface MovedRead {
  readonly user: User;
  readonly readSeq: number;
  readonly readAt: string;
  readonly unreadCount: number;
  /** Whether it moved. */
  readonly advanced: boolean;
}

interface MovedRow extends MovedRead {
  readonly appId: string;
  readonly channelId: string;
  readonly userId: string;
}

const nameOf = ({ appId, channelId, userId }: Pick<ReadCommand, 'appId' | 'channelId' | 'userId'>) =>
  `${appId}/${channelId}/${userId}`;

/**
 * Moves pointers forward, never past the head and never back, in one statement, and gives for each command where its pointer is afterwards. Of
 * several commands for one pointer the farthest wins, and only the first of them is answered `advanced`. Null: no member.
 */
export async function moveReads(sql: Sql, commands: readonly ReadCommand[]): Promise<readonly (MovedRead | null)[]> {
  const rows = await sql.query<MovedRow>(
    // Example (of domain/unread-sql.ts): bob to 4 in lunch, ada to the head of it, eve to the head of tea →
    // bob at 4 with 1 unread, ada at 5 with 0, null for eve, who is no member.
    // Rows are locked in one order, so two of these never wait for each other in a circle.
    `-- move-reads
     WITH wanted AS (
       SELECT k.app_id, k.channel_id, k.user_id, max(least(coalesce(k.seq, c.seq), c.seq)) AS seq
         FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS k (app_id, channel_id, user_id, seq)
         JOIN channels c ON c.app_id = k.app_id AND c.channel_id = k.channel_id AND c.deleted_at IS NULL GROUP BY 1, 2, 3),
     before AS (
       SELECT m.app_id, m.channel_id, m.user_id, m.read_seq, coalesce(m.read_at, m.created_at) AS read_at, w.seq AS wanted
         FROM wanted w JOIN members m ON m.app_id = w.app_id AND m.channel_id = w.channel_id AND m.user_id = w.user_id AND m.left_at IS NULL
        ORDER BY 1, 2, 3 FOR UPDATE OF m),
     moved AS (
       UPDATE members m SET read_seq = b.wanted, read_at = now(), updated_at = now() FROM before b
        WHERE m.app_id = b.app_id AND m.channel_id = b.channel_id AND m.user_id = b.user_id AND b.wanted > b.read_seq),
     now_read AS (
       SELECT app_id, channel_id, user_id, greatest(read_seq, wanted) AS read_seq, wanted > read_seq AS advanced,
              CASE WHEN wanted > read_seq THEN now()::timestamptz(3) ELSE read_at END AS read_at FROM before)
     SELECT r.app_id AS "appId", r.channel_id AS "channelId", r.user_id AS "userId", ${userJsonOf('r.app_id', 'r.user_id')} AS user,
            r.read_seq AS "readSeq", ${isoTime('r.read_at')} AS "readAt", ${unreadCountSql('r')} AS "unreadCount", r.advanced FROM now_read r`,
    [
      commands.map(({ appId }) => appId),
      commands.map(({ channelId }) => channelId),
      commands.map(({ userId }) => userId),
      commands.map(({ seq }) => seq),
    ],
  );
  const found = new Map(rows.map((row) => [nameOf(row), row]));
  const seen = new Set<string>();
  return commands.map((command) => {
    const name = nameOf(command);
    const row = found.get(name);
    if (row === undefined) return null;
    const { appId: _app, channelId: _channel, userId: _user, ...moved } = row;
    const first = !seen.has(name);
    seen.add(name);
    return { ...moved, advanced: moved.advanced && first };
  });
}
