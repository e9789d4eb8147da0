import type { Rpc, RpcMethod } from '@parley/contracts/bus';
import { parseWith, rpcRequests } from '@parley/contracts/schemas';
import type { RpcHandlers } from '@parley/service-kit';
import type { Handler } from './handler.ts';

const edge =
  <Method extends RpcMethod>(method: Method, handler: Handler<Method>): Handler<Method> =>
  async (request) =>
    await handler(parseWith<Rpc[Method]['request']>(rpcRequests[method], request));

/** The same handlers, each given what its contract says and nothing else; they throw invalid_input for what does not fit. */
export const parsed = (handlers: Required<RpcHandlers>): Required<RpcHandlers> => ({
  'session.open': edge('session.open', handlers['session.open']),
  'channel.join': edge('channel.join', handlers['channel.join']),
  'channel.events': edge('channel.events', handlers['channel.events']),
  'channel.heads': edge('channel.heads', handlers['channel.heads']),
  'channel.reads': edge('channel.reads', handlers['channel.reads']),
  'channel.authorize': edge('channel.authorize', handlers['channel.authorize']),
  'inbox.open': edge('inbox.open', handlers['inbox.open']),
  'presence.read': edge('presence.read', handlers['presence.read']),
  'presence.renew': edge('presence.renew', handlers['presence.renew']),
  'presence.release': edge('presence.release', handlers['presence.release']),
  'graphql.execute': edge('graphql.execute', handlers['graphql.execute']),
});
