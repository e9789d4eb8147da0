import { isChannelType, type ReadAdvanced, splitChannelId } from '@parley/contracts';
import type { Rpc } from '@parley/contracts/bus';
import { featuresOf } from '../../domain/grants.ts';
import type { Sql } from '../../platform/sql.ts';

type Asked = Rpc['channel.reads']['request'];

/** One read pointer takes up to 600 bytes, and the bus carries 1 MiB. */
const mostReads = 500;

interface ReadRow {
  readonly place: number;
  readonly head: number | null;
  readonly userId: string | null;
  readonly readSeq: number;
  readonly at: string;
}

/**
 * The heads of these channels and the read pointers of the 500 members who read last, newest first (in a larger channel those of the others are of
 * no use to a viewer), in one statement, in the order asked; null: no such channel, or deleted.
 */
export async function channelReads(
  sql: Sql,
  asked: readonly Asked[],
): Promise<readonly (Rpc['channel.reads']['reply'] | null)[]> {
  const rows = await sql.query<ReadRow>(
    `-- channel-reads
     SELECT q.place, c.seq AS head, r.user_id AS "userId", r.read_seq AS "readSeq", r.at
       FROM unnest($1::text[], $2::text[], $3::int[]) WITH ORDINALITY AS q (app_id, channel_id, most, place)
       LEFT JOIN channels c ON c.app_id = q.app_id AND c.channel_id = q.channel_id AND c.deleted_at IS NULL
       LEFT JOIN LATERAL (SELECT user_id, read_seq, coalesce(read_at, created_at) AS at, row_number() OVER w AS n FROM members
              WHERE app_id = c.app_id AND channel_id = c.channel_id AND left_at IS NULL
             WINDOW w AS (ORDER BY read_at DESC NULLS LAST, user_id) ORDER BY n LIMIT q.most) r ON TRUE
      ORDER BY q.place, r.n`,
    [
      asked.map(({ appId }) => appId),
      asked.map(({ channelId }) => channelId),
      asked.map(({ channelId }) => (hasReceipts(channelId) ? mostReads : 0)),
    ],
  );
  const found = asked.map((): { head: number | null; reads: ReadAdvanced[] } => ({ head: null, reads: [] }));
  for (const { place, head, userId, readSeq, at } of rows) {
    const channel = found[place - 1];
    const channelId = asked[place - 1]?.channelId;
    if (channel === undefined || channelId === undefined) continue;
    channel.head = head;
    if (userId !== null) channel.reads.push({ __typename: 'ReadAdvanced', channelId, userId, readSeq, at });
  }
  return found.map(({ head, reads }) => (head === null ? null : { head, reads }));
}

/** Whether the others of a channel of this type are notified of who has read. */
export function hasReceipts(channelId: string): boolean {
  const { type } = splitChannelId(channelId);
  return isChannelType(type) && featuresOf[type].readReceipts;
}
