import type { Rpc, RpcMethod } from '@parley/contracts/bus';
import { type Bus, callRpc } from '@parley/service-kit';

/** Asks the API. @throws what the method throws, unavailable, timeout */
export type AskApi = <Method extends RpcMethod>(
  method: Method,
  request: Rpc[Method]['request'],
  timeoutMs?: number,
) => Promise<Rpc[Method]['reply']>;

const defaultTimeoutMs = 5_000;

export const createApiClient =
  (bus: Bus): AskApi =>
  (method, request, timeoutMs = defaultTimeoutMs) =>
    callRpc(bus, method, request, { timeoutMs });
