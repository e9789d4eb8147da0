import { questionsAtOnce, type Rpc, type RpcMethod, type RpcQuestionMethod } from '@parley/contracts/bus';
import { type Bus, type Clock, callRpc, systemClock } from '@parley/service-kit';
import { QuestionCollector } from './question-collector.ts';

/** Asks the API; many who ask the same kind of question at the same time share a message. @throws what the method throws, unavailable, timeout */
export type AskApi = <Method extends RpcMethod>(
  method: Method,
  request: Rpc[Method]['request'],
  timeoutMs?: number,
) => Promise<Rpc[Method]['reply']>;

const defaultTimeoutMs = 5_000;

type Collectors = { readonly [Method in RpcQuestionMethod]: QuestionCollector<Method> };

export function createApiClient(bus: Bus, clock: Clock = systemClock): AskApi {
  const collector = <Method extends RpcQuestionMethod>(method: Method) => new QuestionCollector(bus, clock, method);
  const collectors: Collectors = {
    'session.open': collector('session.open'),
    'session.check': collector('session.check'),
    'channel.join': collector('channel.join'),
    'channel.events': collector('channel.events'),
    'channel.reads': collector('channel.reads'),
    'channel.authorize': collector('channel.authorize'),
    'inbox.open': collector('inbox.open'),
    'presence.read': collector('presence.read'),
  };
  return (method, request, timeoutMs = defaultTimeoutMs) =>
    isQuestion(method)
      ? askTogether(collectors, method, request, timeoutMs)
      : callRpc(bus, method, request, { timeoutMs });
}

const isQuestion = (method: RpcMethod): method is RpcQuestionMethod => Object.hasOwn(questionsAtOnce, method);

function askTogether<Method extends RpcMethod>(
  collectors: Collectors,
  method: Method & RpcQuestionMethod,
  request: Rpc[Method]['request'],
  timeoutMs: number,
): Promise<Rpc[Method]['reply']> {
  // The collector is that of the method, and so are the request and the reply.
  const collector = collectors[method] as unknown as {
    ask(request: Rpc[Method]['request'], timeoutMs: number): Promise<Rpc[Method]['reply']>;
  };
  return collector.ask(request, timeoutMs);
}
