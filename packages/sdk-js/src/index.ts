export type {
  Attachment,
  Capability,
  Channel as ChannelData,
  ChannelBumped,
  ChannelFilter,
  ChannelJoined,
  ChannelLeft,
  ChannelSort,
  ChannelSortField,
  ErrorCode,
  ErrorDetails,
  JsonObject,
  JsonValue,
  LeaveReason,
  Member,
  Message,
  MessageKind,
  Reaction,
  ReactionGroup,
  SortDirection,
  UnreadChanged,
  User,
} from '@parley/contracts';
export { ParleyError } from '@parley/contracts';
export type { ChannelList, ChannelListState, ChannelQuery, ChannelSummary } from './channel-list/channel-list.ts';
export type { Channel, ChannelState, MessagesStore, UnreadState, WatchOptions } from './channels/channel.ts';
export type { ChannelEvent, LoggedEvent, UnknownEvent } from './channels/channel-event.ts';
export { isLogged } from './channels/channel-event.ts';
export type { CreateChannelInput, MemberInput, UpdateChannelInput } from './channels/channel-input.ts';
export type { BaseOptions, Client, ClientOptions } from './client.ts';
export type { ConnectionState } from './connection/state.ts';
export type { WebSocketConstructor, WebSocketLike } from './connection/websocket.ts';
export { createClient } from './create-client.ts';
export type { Inbox, InboxState } from './inbox/inbox.ts';
export type { InboxEvent, UnknownInboxEvent } from './inbox/inbox-event.ts';
export type { LogDetails, Logger, LogLevel, LogOptions } from './lib/log.ts';
export type { Store } from './lib/store.ts';
export type { AttachmentInput, EditInput, MessagesState, MessageView, SendInput } from './messages/message-view.ts';
export type { ExecuteOptions } from './operations/execute.ts';
export type { SubscriptionSink, SubscriptionVariables } from './operations/subscriptions.ts';
export type { Presence, PresenceState } from './presence/presence.ts';
export type { Page, UpdateMeInput, UserFilter, UserQuery, UserSort, UserSortField } from './users/users.ts';
