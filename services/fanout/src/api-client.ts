import { questionsAtOnce, type Rpc, type RpcMethod, type RpcQuestionMethod } from '@parley/contracts/bus';
import { type Bus, type Clock, callRpc, systemClock } from '@parley/service-kit';
import { RpcBatcher } from './rpc-batcher.ts';

/** Asks the API. Questions of one method that arrive at the same time share a message. @throws what the method throws, unavailable, timeout */
export type AskApi = <Method extends RpcMethod>(
  method: Method,
  request: Rpc[Method]['request'],
  timeoutMs?: number,
) => Promise<Rpc[Method]['reply']>;

const defaultTimeoutMs = 5_000;

type Batchers = { readonly [Method in RpcQuestionMethod]: RpcBatcher<Method> };

export function createApiClient(bus: Bus, clock: Clock = systemClock): AskApi {
  const batcher = <Method extends RpcQuestionMethod>(method: Method) => new RpcBatcher(bus, clock, method);
  const batchers: Batchers = {
    'session.open': batcher('session.open'),
    'session.check': batcher('session.check'),
    'channel.join': batcher('channel.join'),
    'channel.events': batcher('channel.events'),
    'channel.reads': batcher('channel.reads'),
    'channel.authorize': batcher('channel.authorize'),
    'inbox.open': batcher('inbox.open'),
    'users.read': batcher('users.read'),
    'presence.read': batcher('presence.read'),
  };
  return (method, request, timeoutMs = defaultTimeoutMs) =>
    isQuestion(method)
      ? askInBatch(batchers, method, request, timeoutMs)
      : callRpc(bus, method, request, { timeoutMs });
}

const isQuestion = (method: RpcMethod): method is RpcQuestionMethod => Object.hasOwn(questionsAtOnce, method);

function askInBatch<Method extends RpcMethod>(
  batchers: Batchers,
  method: Method & RpcQuestionMethod,
  request: Rpc[Method]['request'],
  timeoutMs: number,
): Promise<Rpc[Method]['reply']> {
  // The batcher is that of the method, and so are the request and the reply.
  const batcher = batchers[method] as unknown as {
    ask(request: Rpc[Method]['request'], timeoutMs: number): Promise<Rpc[Method]['reply']>;
  };
  return batcher.ask(request, timeoutMs);
}
