export type { AppSettings, UserVisibility } from './app-settings.ts';
export { defaultAppSettings, userVisibilities } from './app-settings.ts';
export { isBlank } from './blank.ts';
export * as closeCodes from './close-codes.ts';
export type { ErrorDefinition } from './error-registry.ts';
export { errorRegistry } from './error-registry.ts';
export type { ErrorCode, ErrorDetails, ErrorExtensions } from './errors.ts';
export { docsOf, invalidInput, isErrorCode, ParleyError } from './errors.ts';
export type * from './events/channel-events.ts';
export { channelEventKinds, isLogged, loggedEventNames } from './events/channel-events.ts';
export type * from './events/inbox-events.ts';
export type { MapUser } from './events/map-users.ts';
export { mapEach, mapUserOfChannel, mapUserOfMember, mapUsersOfEvent, mapUsersOfMessage } from './events/map-users.ts';
export type * from './events/objects.ts';
export type {
  ChannelFilter,
  ChannelSort,
  ChannelSortField,
  CustomFilter,
  DateTimeFilter,
  IdFilter,
  IdSetFilter,
  IntFilter,
  NumberFilter,
  SortDirection,
  StringFilter,
} from './filter/channel-filter.ts';
export { foldsAway, foldText } from './filter/fold-text.ts';
export type { FilterableChannel, FilterViewer } from './filter/matches.ts';
export { matches } from './filter/matches.ts';
export type { AppId, Branded, ChannelId, KeyId, MessageId, UserId } from './ids.ts';
export {
  channelIdOf,
  isChannelId,
  isMessageId,
  isUserId,
  parseChannelId,
  parseChannelKey,
  parseMessageId,
  parseUserId,
  splitChannelId,
} from './ids.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type { LimitName } from './limits.ts';
export { limits } from './limits.ts';
export { attachmentIdOf, channelViewerIdOf, memberIdOf, reactionIdOf, readStateIdOf } from './object-ids.ts';
export { ownValue } from './own-value.ts';
export type { Capability, ChannelFeatures, ChannelTypeName } from './permissions.ts';
export { capabilities, channelTypes, isChannelType, isOpenChannelType, openChannelTypes } from './permissions.ts';
export type { RenewedPayload, RenewPayload } from './socket.ts';
export { subprotocol } from './socket.ts';
