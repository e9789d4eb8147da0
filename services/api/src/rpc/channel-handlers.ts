import { ParleyError } from '@parley/contracts';
import type { Principal, Rpc } from '@parley/contracts/bus';
import type { AuthService } from '../modules/auth/service.ts';
import { type LogBounds, readableLogs } from '../modules/channels/read-access.ts';
import type { ChannelLog } from '../platform/channel-log.ts';
import type { Sql } from '../platform/sql.ts';
import { channelReads } from './channel-reads.ts';
import type { Handler } from './handler.ts';
import { readPages } from './log-pages.ts';
import { recentReads } from './recent-reads.ts';

interface ChannelHandlersDependencies {
  readonly sql: Sql;
  readonly log: Pick<ChannelLog, 'heads'>;
  readonly auth: Pick<AuthService, 'actorsOf'>;
}

interface Question {
  readonly principal: Principal;
  readonly channelId: string;
}

/** What fan-out asks about channels. */
export function channelHandlers({ sql, log, auth }: ChannelHandlersDependencies) {
  const join = async (questions: readonly Question[]): Promise<readonly (LogBounds | Error)[]> => {
    const actors = await auth.actorsOf(questions.map(({ principal }) => principal));
    const known = questions.flatMap(({ channelId }, index) => {
      const actor = actors[index];
      return actor === undefined || actor instanceof Error ? [] : [{ actor, channelId }];
    });
    const logs = (await readableLogs(sql, known)).values();
    return questions.map(({ channelId }, index) => {
      const actor = actors[index];
      return actor instanceof Error ? actor : (logs.next().value ?? unknown('join', channelId));
    });
  };

  const events: Handler<'channel.events'> = async (questions) => {
    const pages = await readPages(sql, questions);
    return questions.map(({ channelId }, index) => {
      const page = pages[index] ?? unknown('read the log of', channelId);
      return page === 'left' ? null : page;
    });
  };

  const heads: Handler<'channel.heads'> = ({ channels }) => log.heads(channels);

  const reads: Handler<'channel.reads'> = async (questions) => {
    const found = await channelReads(sql, questions);
    return questions.map(({ channelId }, index) => found[index] ?? unknown('read who has read', channelId));
  };

  const recent: Handler<'channel.recentReads'> = (question) => recentReads(sql, question);

  const authorize: Handler<'channel.authorize'> = async (questions) =>
    (await join(questions)).map((answer) => (answer instanceof Error ? answer : {}));

  return {
    'channel.join': join,
    'channel.events': events,
    'channel.heads': heads,
    'channel.reads': reads,
    'channel.recentReads': recent,
    'channel.authorize': authorize,
  } satisfies Partial<{ [Method in keyof Rpc]: Handler<Method> }>;
}

const unknown = (act: string, channelId: string) =>
  new ParleyError('not_found', `unable to ${act} ${channelId}; there is no such channel`);
