import type { Sql } from '../../platform/sql.ts';
import type { Handler } from '../../rpc/handler.ts';
import { unknownChannel } from '../../rpc/unknown-channel.ts';
import { readPages } from './log-pages.ts';

/** What fan-out asks about events, whose words are in the messages. */
export function messageHandlers({ sql }: { readonly sql: Sql }) {
  const events: Handler<'channel.events'> = async (questions) => {
    const pages = await readPages(sql, questions);
    return questions.map(({ channelId }, index) => {
      const page = pages[index] ?? unknownChannel('read the log of', channelId);
      return page === 'left' ? null : page;
    });
  };
  return { 'channel.events': events };
}
