import type { Rpc, RpcMethod } from '@parley/contracts/bus';

/** Answers one method of the bus contract. */
export type Handler<Method extends RpcMethod> = (request: Rpc[Method]['request']) => Promise<Rpc[Method]['reply']>;
