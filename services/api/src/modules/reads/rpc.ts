import type { Sql } from '../../platform/sql.ts';
import type { Handler } from '../../rpc/handler.ts';
import { unknownChannel } from '../../rpc/unknown-channel.ts';
import { channelReads } from './channel-reads.ts';
import { recentReads } from './recent-reads.ts';

/** What fan-out asks about read pointers. */
export function readHandlers({ sql }: { readonly sql: Sql }) {
  const reads: Handler<'channel.reads'> = async (questions) => {
    const found = await channelReads(sql, questions);
    return questions.map(({ channelId }, index) => found[index] ?? unknownChannel('read who has read', channelId));
  };

  const recent: Handler<'channel.recentReads'> = (question) => recentReads(sql, question);

  return { 'channel.reads': reads, 'channel.recentReads': recent };
}
