export type { AppBusMessage, ChannelBusMessage, PresenceBusMessage, UserBusMessage } from './messages.ts';
export type { GraphqlRequest, GraphqlResult, Principal, Rpc, RpcFault, RpcMethod, RpcReply } from './rpc.ts';
export { apiQueue, subjects } from './subjects.ts';
