import { parseChannelId } from '@parley/contracts';
import type { Rpc, RpcMethod, RpcQuestionMethod } from '@parley/contracts/bus';
import { parseWith, rpcRequests } from '@parley/schemas';
import { type RpcHandlers, toError } from '@parley/service-kit';

type Many<Method extends RpcQuestionMethod> = (
  requests: readonly Rpc[Method]['request'][],
) => Promise<readonly (Rpc[Method]['reply'] | Error | null)[]>;
type One<Method extends RpcMethod> = (request: Rpc[Method]['request']) => Promise<Rpc[Method]['reply']>;

const one =
  <Method extends RpcMethod>(method: Method, handler: One<Method>): One<Method> =>
  async (request) =>
    await handler(parseWith<Rpc[Method]['request']>(rpcRequests[method], request));

/** A question that is not what the contract says is refused alone. */
const many =
  <Method extends RpcQuestionMethod>(method: Method, handler: Many<Method>): Many<Method> =>
  async (requests) => {
    const questions = requests.map((request) => {
      try {
        const question = parseWith<Rpc[Method]['request']>(rpcRequests[method], request);
        if ('channelId' in question) parseChannelId(question.channelId);
        return { question };
      } catch (error) {
        return { fault: toError(error) };
      }
    });
    const legal = questions.flatMap(({ question }) => (question === undefined ? [] : [question]));
    const answers = (legal.length === 0 ? [] : await handler(legal)).values();
    return questions.map(({ fault }) => fault ?? answers.next().value ?? null);
  };

/** The same handlers, each given what its contract says and nothing else; they refuse with invalid_input what does not fit. */
export const parsed = (handlers: Required<RpcHandlers>): Required<RpcHandlers> => ({
  'session.open': many('session.open', handlers['session.open']),
  'session.check': many('session.check', handlers['session.check']),
  'channel.join': many('channel.join', handlers['channel.join']),
  'channel.events': many('channel.events', handlers['channel.events']),
  'channel.heads': one('channel.heads', handlers['channel.heads']),
  'channel.reads': many('channel.reads', handlers['channel.reads']),
  'channel.recentReads': one('channel.recentReads', handlers['channel.recentReads']),
  'channel.authorize': many('channel.authorize', handlers['channel.authorize']),
  'inbox.open': many('inbox.open', handlers['inbox.open']),
  'inbox.recent': one('inbox.recent', handlers['inbox.recent']),
  'access.recent': one('access.recent', handlers['access.recent']),
  'users.read': many('users.read', handlers['users.read']),
  'users.recent': one('users.recent', handlers['users.recent']),
  'presence.read': many('presence.read', handlers['presence.read']),
  'presence.renew': one('presence.renew', handlers['presence.renew']),
  'presence.release': one('presence.release', handlers['presence.release']),
  'health.ping': one('health.ping', handlers['health.ping']),
  'graphql.execute': one('graphql.execute', handlers['graphql.execute']),
});
