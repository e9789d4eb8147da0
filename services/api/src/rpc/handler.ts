import type { Rpc, RpcMethod, RpcQuestionMethod } from '@parley/contracts/bus';

/**
 * Answers one method of the bus contract. One that is asked many questions gives as many answers, in their order: an error in the place of one that
 * is refused, null in the place of one that has to be asked again.
 */
export type Handler<Method extends RpcMethod> = Method extends RpcQuestionMethod
  ? (requests: readonly Rpc[Method]['request'][]) => Promise<readonly (Rpc[Method]['reply'] | Error | null)[]>
  : (request: Rpc[Method]['request']) => Promise<Rpc[Method]['reply']>;
