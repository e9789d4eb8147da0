import type { Principal } from '@parley/contracts/bus';
import type { ChannelLog } from '../../platform/channel-log.ts';
import type { Sql } from '../../platform/sql.ts';
import type { Handler } from '../../rpc/handler.ts';
import { unknownChannel } from '../../rpc/unknown-channel.ts';
import type { AuthService } from '../auth/index.ts';
import { changedMembers } from './changed-members.ts';
import { type LogBounds, readableLogs } from './read-access.ts';

interface ChannelHandlersDependencies {
  readonly sql: Sql;
  readonly log: Pick<ChannelLog, 'heads'>;
  readonly auth: Pick<AuthService, 'actorsOf'>;
}

interface Question {
  readonly principal: Principal;
  readonly channelId: string;
}

/** What fan-out asks about who may watch a channel, and how far its log goes. */
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
      return actor instanceof Error ? actor : (logs.next().value ?? unknownChannel('join', channelId));
    });
  };

  /** The log begins with an event of nobody who is known already. */
  const comesBack = ({ after }: { readonly after?: number | undefined }) => after !== undefined && after > 0;

  const joinAgain: Handler<'channel.join'> = async (questions) => {
    const returning = questions.filter(comesBack);
    const places = returning.map(({ principal: { appId }, channelId, after = 0 }) => ({ appId, channelId, after }));
    // Who may not watch is told nothing of it.
    const [answers, changes] = await Promise.all([join(questions), changedMembers(sql, places)]);
    const changed = new Map(returning.map((question, index) => [question, changes[index]]));
    return answers.map((answer, index) => {
      const question = questions[index];
      const changedUsers = question === undefined ? undefined : changed.get(question);
      return answer instanceof Error || changedUsers === undefined ? answer : { ...answer, changedUsers };
    });
  };

  const heads: Handler<'channel.heads'> = ({ channels }) => log.heads(channels);

  const authorize: Handler<'channel.authorize'> = async (questions) =>
    (await join(questions)).map((answer) => (answer instanceof Error ? answer : {}));

  return { 'channel.join': joinAgain, 'channel.heads': heads, 'channel.authorize': authorize };
}
