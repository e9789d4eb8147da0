export type {
  AccessBusMessage,
  AppBusMessage,
  ChangesBusMessage,
  ChannelBusMessage,
  HeartbeatBusMessage,
  PresenceBusMessage,
  UserBusMessage,
  UsersBusMessage,
} from './messages.ts';
export type {
  AccessChange,
  ChangedUser,
  GraphqlRequest,
  GraphqlResult,
  Principal,
  RecentInboxes,
  RecentNumbers,
  RecentTotals,
  Rpc,
  RpcFault,
  RpcManyReply,
  RpcManyRequest,
  RpcMethod,
  RpcQuestionMethod,
  RpcQuestions,
  RpcReply,
  Sight,
} from './rpc.ts';
export { questionsAtOnce } from './rpc.ts';
export type { BusPermissions, BusService, SubjectPermissions } from './subject-permissions.ts';
export { busPermissions } from './subject-permissions.ts';
export { apiQueue, reservedChannel, subjects } from './subjects.ts';
